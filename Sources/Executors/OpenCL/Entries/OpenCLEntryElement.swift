import WeftIR

/// Elements as OpenCL C has them, with sums and products as NumPy's.
struct EntryElement {
  let dtype: DType
  /// The type, and what defines it.
  let name: String
  let definitions: String

  /// Elements that are added and multiplied; nil where the device has no such numbers.
  init?(_ dtype: DType, _ device: OpenCLDevice) {
    let isDouble = dtype == .float64 || dtype == .complex128
    if isDouble && !device.hasDouble { return nil }
    self.dtype = dtype
    guard dtype.isComplex else {
      (name, definitions) = (OpenCLNames.element(dtype), "")
      return
    }
    let part = dtype == .complex64 ? "float" : "double"
    name = "number"
    definitions = """
      typedef struct { \(part) re, im; } number;
      inline number add(number a, number b) {
        number c = { a.re + b.re, a.im + b.im };
        return c;
      }
      inline number multiply(number a, number b) {
        number c = { a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re };
        return c;
      }
      """
  }

  /// Elements that are only moved.
  init(moving dtype: DType) {
    self.dtype = dtype
    let width = min(8, dtype.itemSize)
    let word = OpenCLNames.unsigned(width)
    if dtype.itemSize <= 8 {
      (name, definitions) = (word, "")
    } else {
      (name, definitions) = ("number", "typedef struct { \(word) first, second; } number;")
    }
  }

  /// The sum of nothing.
  var zero: String { dtype.isComplex ? "{ 0, 0 }" : "0" }

  func product(_ a: String, _ b: String) -> String {
    if dtype.isComplex { return "multiply(\(a), \(b))" }
    if dtype == .bool { return "((\(a)) & (\(b)))" }
    guard !dtype.isInexact else { return "(\(a)) * (\(b))" }
    let wrapping = wrapping
    return "(\(wrapping))(\(a)) * (\(wrapping))(\(b))"
  }

  func sum(_ a: String, _ b: String) -> String {
    if dtype.isComplex { return "add(\(a), \(b))" }
    if dtype == .bool { return "(\(a)) | (\(b))" }
    guard !dtype.isInexact else { return "\(a) + \(b)" }
    return "(\(name))((\(wrapping))(\(a)) + \(b))"
  }

  /// The unsigned type in which sums and products wrap.
  private var wrapping: String { dtype.itemSize == 8 ? "ulong" : "uint" }

  /// The number of a dtype whose bits a word has.
  static func number(_ word: String, _ dtype: DType) -> String {
    switch dtype {
    case .float32: "as_float((int)\(word))"
    case .float64: "as_double(\(word))"
    case .bool: "(\(word) != 0)"
    default: "(\(OpenCLNames.element(dtype)))\(word)"
    }
  }
}
