// swift-tools-version: 6.2
import PackageDescription

// Every target: Swift 6 mode, warnings are errors, imports say what they are for.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
]

// The pure cores: no unsafe construct compiles in them.
let pure: [SwiftSetting] =
  strict + [.strictMemorySafety(), .treatWarning("StrictMemorySafety", as: .error)]

let package = Package(
  name: "concord",
  products: [.executable(name: "concord", targets: ["Cmd"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
  ],
  targets: [
    // decides: no I/O, no clock, no chance
    .target(name: "Model", exclude: ["Edge"], swiftSettings: pure),

    // does: disk, database, names, access control lists
    .systemLibrary(
      name: "CSQLite", path: "Sources/Model/Edge/CSQLite", pkgConfig: "sqlite3",
      providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(
      name: "CHash", path: "Sources/Model/Edge/CHash", pkgConfig: "gnutls",
      providers: [.apt(["libgnutls28-dev"])]),
    .systemLibrary(
      name: "CACL", path: "Sources/Model/Edge/CACL", pkgConfig: "libacl",
      providers: [.apt(["libacl1-dev"])]),
    .systemLibrary(
      name: "CZip", path: "Sources/Model/Edge/CZip", pkgConfig: "zlib",
      providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CLinux", path: "Sources/Model/Edge/CLinux"),
    .target(name: "Threads", path: "Sources/Model/Edge/Threads", swiftSettings: strict),
    .target(
      name: "ModelEdge",
      dependencies: ["Model", "CSQLite", "CHash", "CACL", "CZip", "CLinux", "Threads"],
      path: "Sources/Model/Edge",
      exclude: ["CSQLite", "CHash", "CACL", "CZip", "CLinux", "Threads"],
      swiftSettings: strict),

    // carries: the wire format and the talk between two hosts
    .target(
      name: "Transport", dependencies: ["Model"], exclude: ["Edge"], swiftSettings: pure),
    .systemLibrary(
      name: "CGnuTLS", path: "Sources/Transport/Edge/CGnuTLS", pkgConfig: "gnutls",
      providers: [.apt(["libgnutls28-dev"])]),
    .systemLibrary(
      name: "CZstd", path: "Sources/Transport/Edge/CZstd", pkgConfig: "libzstd",
      providers: [.apt(["libzstd-dev"])]),
    .target(
      name: "TransportEdge", dependencies: ["Model", "Transport", "CGnuTLS", "CZstd", "Threads"],
      path: "Sources/Transport/Edge", exclude: ["CGnuTLS", "CZstd"], swiftSettings: strict),

    // speaks: arguments, words on the screen, signals
    .executableTarget(
      name: "Cmd",
      dependencies: [
        "Model", "ModelEdge", "Transport", "TransportEdge", "Threads",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),

    .target(
      name: "TestKit", dependencies: ["Model", "Transport"], path: "Tests/Kit",
      swiftSettings: strict),
    .testTarget(
      name: "ModelTests", dependencies: ["Model", "Transport", "TestKit"], swiftSettings: strict),
    .testTarget(
      name: "TransportTests", dependencies: ["Model", "Transport", "TestKit"],
      swiftSettings: strict),
    .testTarget(
      name: "EdgeTests",
      dependencies: ["Model", "ModelEdge", "Transport", "TransportEdge", "TestKit"],
      swiftSettings: strict),
    .testTarget(
      name: "EndToEndTests", dependencies: ["Cmd"],
      exclude: ["Formats/Readers", "Formats/Schemas"], swiftSettings: strict),
    .testTarget(name: "TidyTests", swiftSettings: strict),
  ]
)
