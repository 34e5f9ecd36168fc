import Glibc

/// Extended attributes: Glibc as Swift imports it lacks them, so the calls are looked up by name.
enum Attributes {
  private typealias Get =
    @convention(c) (
      UnsafePointer<CChar>, UnsafePointer<CChar>, UnsafeMutableRawPointer?, Int
    ) -> Int

  private static func call() -> Get? {
    dlsym(nil, "lgetxattr").map { unsafeBitCast($0, to: Get.self) }
  }

  /// The value of one attribute, or nil if the object has none of that name.
  static func value(_ name: String, of path: [CChar]) -> [UInt8]? {
    guard let get = call() else { return nil }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = buffer.withUnsafeMutableBytes { get(path, name, $0.baseAddress, $0.count) }
    return count >= 0 ? Array(buffer[..<count]) : nil
  }
}
