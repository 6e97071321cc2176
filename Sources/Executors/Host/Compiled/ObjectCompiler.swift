import CLLVM
import WeftIR

/// Compiles LLVM IR for this processor.
enum ObjectCompiler {
  /// LLVM's passes, in its text form.
  ///
  /// Short, because the IR has its vectors already: locals become registers, functions of vector
  /// mathematics are inlined, what does not change leaves the loops. `licm` outside of `loop-mssa`
  /// is a fatal error of LLVM's.
  ///
  /// From version 18 on `instcombine` stops the process when one round does not reach its fixpoint,
  /// unless told otherwise: that check is for LLVM's own developers.
  static let passes =
    "always-inline,function(sroa,early-cse,\(combine),simplifycfg,loop-mssa(licm),gvn,dce)"

  private static var combine: String {
    let major = LLVMLibrary.version.prefix { $0 != "." }
    return (Int(major) ?? 0) >= 18 ? "instcombine<no-verify-fixpoint>" : "instcombine"
  }

  /// What else decides how an object comes out of its IR; part of the cache's key.
  static let options = "codegen=2 relocation=pic"

  /// The object file of a module's text.
  ///
  /// Nothing is contracted or reassociated, except what the text marks so. Names of kernels should
  /// be external and `nounwind`: an unwind table costs time at every load.
  ///
  /// - Throws: `internal` for a text that LLVM refuses, `out-of-memory`.
  static func compile(ir: String) throws(WeftError) -> [UInt8] {
    try compile(ir: ir, passes: passes)
  }

  /// With other passes, for tests and measurements.
  static func compile(ir: String, passes: String) throws(WeftError) -> [UInt8] {
    try LLVMLibrary.require()
    var ir = ir
    var object = weft_llvm_object()
    var message: UnsafeMutablePointer<CChar>?
    let succeeded = ir.withUTF8 { text in
      text.withMemoryRebound(to: CChar.self) {
        weft_llvm_compile($0.baseAddress, $0.count, passes, &object, &message)
      }
    }
    guard succeeded != 0 else { throw LLVMLibrary.error("compile", message) }
    defer { weft_llvm_object_free(&object) }
    return Array(UnsafeBufferPointer(start: object.bytes, count: object.length))
  }
}
