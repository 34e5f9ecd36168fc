import Glibc
import Model

/// Who runs this process: behind `sudo` the person who called it, else the owner of the process.
func loginName() -> String {
  if let name = getenv("SUDO_USER") {
    let text = String(cString: name)
    if !text.isEmpty { return text.limited(to: HistoryLimits.userBytes) }
  }
  var entry = passwd()
  var found: UnsafeMutablePointer<passwd>?
  var buffer = [CChar](repeating: 0, count: 16_384)
  guard getpwuid_r(getuid(), &entry, &buffer, buffer.count, &found) == 0, found != nil,
    let name = entry.pw_name
  else { return "\(getuid())" }
  return String(cString: name).limited(to: HistoryLimits.userBytes)
}
