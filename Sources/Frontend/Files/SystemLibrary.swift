import WeftIR

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A C library of the system, opened at run time, so that building needs none of its headers.
struct SystemLibrary: Sendable {
  /// Why a library or a part of it is not there.
  struct Failure: Error {
    var reason: String

    /// The error of who needs the library.
    func error(_ name: String, package: String, _ operation: String) -> WeftError {
      WeftError(
        .file, operation, "\(name) cannot be opened: \(reason)",
        hint: "install it (Debian: apt install \(package))")
    }
  }

  private let address: UInt

  /// The first library of some names that there is; it stays open.
  init(_ names: [String]) throws(Failure) {
    for name in names {
      guard let handle = dlopen(name, RTLD_NOW | RTLD_LOCAL) else { continue }
      address = UInt(bitPattern: handle)
      return
    }
    throw Failure(reason: dlerror().map { String(cString: $0) } ?? "no \(names.first ?? "name")")
  }

  /// A function or variable.
  func address(of name: String) throws(Failure) -> UnsafeMutableRawPointer {
    guard let found = dlsym(UnsafeMutableRawPointer(bitPattern: address), name) else {
      throw Failure(reason: "it has no \(name)")
    }
    return found
  }

  /// A function.
  func function<Function>(_ name: String, _ type: Function.Type) throws(Failure) -> Function {
    unsafeBitCast(try address(of: name), to: type)
  }
}
