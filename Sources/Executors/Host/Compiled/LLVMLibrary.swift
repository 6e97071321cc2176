import CLLVM
import WeftIR

/// The LLVM that was opened at run time, and what it says about this processor.
enum LLVMLibrary {
  /// Why kernels cannot be compiled; nil when they can. The first use opens the library.
  static let unavailable: String? = weft_llvm_open().map { String(cString: $0) }

  /// `19.1.7`; empty without LLVM.
  static let version = text(weft_llvm_version)
  /// The file that was opened; empty without LLVM.
  static let file = text(weft_llvm_library)
  /// The processor by LLVM's name, `znver4`; empty without LLVM.
  static let cpu = text(weft_llvm_cpu)
  /// The processor's features in LLVM's words, `+avx2,-avx512f`; empty without LLVM.
  static let features = text(weft_llvm_features)

  /// The bytes of this processor's widest vector register: 64, 32 or 16.
  static let vectorBytes = vectorBytes(of: features)

  /// The bytes of the widest vector register of a processor with some features.
  ///
  /// AVX-512 counts with byte and word elements and with short vectors, without which masked
  /// operations on half of the dtypes are taken apart.
  static func vectorBytes(of features: String) -> Int {
    let present = Set(features.split(separator: ","))
    if present.isSuperset(of: ["+avx512f", "+avx512bw", "+avx512dq", "+avx512vl"]) { return 64 }
    return present.contains("+avx2") ? 32 : 16
  }

  private static func text(_ read: () -> UnsafePointer<CChar>?) -> String {
    unavailable == nil ? read().map { String(cString: $0) } ?? "" : ""
  }

  /// An error of this compiler's own making, with LLVM's message, which is freed; without one,
  /// memory was missing.
  static func error(_ operation: String, _ message: UnsafeMutablePointer<CChar>?) -> WeftError {
    guard let message else {
      return WeftError(.outOfMemory, operation, "no memory for the compiler")
    }
    defer { weft_llvm_message_free(message) }
    return WeftError(.internal, operation, String(cString: message))
  }

  /// Throws where LLVM cannot be used.
  static func require() throws(WeftError) {
    guard let reason = unavailable else { return }
    throw WeftError(
      .unusableExecutor, "compile", reason,
      hint: "install LLVM's runtime library, or give its file in WEFT_LLVM_LIBRARY")
  }
}
