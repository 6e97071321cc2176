import Testing
import WeftIR

@Suite("Memory of buffers")
struct BufferTests {
  private func buffer(_ bytes: Int, in account: MemoryAccount) throws -> Buffer {
    try Buffer(allocating: TensorType(.uint8, Shape([bytes])), in: account)
  }

  /// The address that a buffer had while it lived.
  private func address(_ bytes: Int, in account: MemoryAccount) throws -> UnsafeMutableRawPointer {
    let buffer = try buffer(bytes, in: account)
    return withExtendedLifetime(buffer) { buffer.base }
  }

  @Test("a block that was freed is the next buffer's, if that has about as many bytes")
  func reuse() throws {
    let account = MemoryAccount()
    for bytes in [70_000, 204_800, 1_500_000, 9_000_000] {
      let first = try address(bytes, in: account)
      // Whoever asks for memory in between gets other blocks.
      let other = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
      defer { other.deallocate() }
      #expect(try address(bytes, in: account) == first, "\(bytes)")
    }
  }

  @Test("many small blocks that were freed leave room for a large one")
  func oldestGo() throws {
    let account = MemoryAccount()
    var small: [Buffer] = []
    for n in 0..<300 { small.append(try buffer(70_000 + 4096 * (n % 7), in: account)) }
    small = []
    let large = try address(9_000_000, in: account)
    #expect(try address(9_000_000, in: account) == large)
    let other = try address(70_000, in: account)
    #expect(try address(70_000, in: account) == other)
  }
}
