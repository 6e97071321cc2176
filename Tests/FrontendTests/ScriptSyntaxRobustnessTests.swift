import Foundation
import Synchronization
import Testing

@testable import Weft

@Suite("ScriptSyntax: robustness")
struct ScriptSyntaxRobustnessTests {
  @Test("nesting up to the limit parses and beyond it is an error, on a stack of 512 KiB")
  func nesting() {
    let limit = ScriptExpression.maximumDepth
    // Opening, innermost, closing, and whether the level counts.
    let forms: [(String, String, String)] = [
      ("(", "a", ")"), ("[", "a", "]"), ("f(", "a", ")"), ("x[", "a", "]"), ("-", "a", ""),
      ("not ", "a", ""), ("(a + ", "a", ")"), ("2 ** ", "a", ""), ("a if b else ", "a", ""),
      ("f(k=", "a", ")"), ("x[a:", "a", "]"), ("(a,", "a", ")"), ("-f(", "a", ")"),
      ("(a or b and c < d | e ^ f & g << h + i * -j ** ", "a", ")"), ("(a if ", "b", " else c)"),
    ]
    let failures = onSmallStack { failures in
      for (opening, inner, closing) in forms {
        func source(_ count: Int) -> String {
          String(repeating: opening, count: count) + inner
            + String(repeating: closing, count: count)
        }
        var deepest = 0
        for count in 1...limit + 1 {
          guard let program = try? ScriptParser.parse(source(count)) else { break }
          deepest = count
          // Walking, comparing and releasing what was accepted must not need more.
          if program.sExpression.isEmpty || program != program { failures.append(opening) }
        }
        if deepest > limit || deepest < limit / 14 { failures.append("\(opening): \(deepest)") }
        for count in [limit + 1, 100_000] {
          do throws(ScriptSyntaxError) {
            _ = try ScriptParser.parse(source(count))
            failures.append("\(opening): accepted \(count)")
          } catch {
            if !error.message.contains("nested too deeply") { failures.append("\(error)") }
          }
        }
      }
    }
    #expect(failures == [])
  }

  @Test("a megabyte of one token is an error, on a stack of 512 KiB")
  func megabytes() {
    let tokens = [
      "(", "[", "{", ")", "-", "~", "not ", "a[", "f(", "2**", "a,(", "'", "\\", "\\\n", "\"\\",
      "a if ", "1 if 1 else ", "=", "a=", "*", ".", "...", "0x", "f(*", "(a:", "x[:", "a<(", "é",
      "\0", "\n(", "1_", "a\r",
    ]
    let failures = onSmallStack { failures in
      for token in tokens {
        let source = String(repeating: token, count: 1_000_000 / token.utf8.count)
        do throws(ScriptSyntaxError) {
          _ = try ScriptParser.parse(source)
        } catch {
          if error.rendered(in: source).utf8.count > 1000 { failures.append(token) }
        }
      }
    }
    #expect(failures == [])
  }

  @Test("flat sources of a hundred thousand terms parse, walk and go, on a stack of 512 KiB")
  func flatSources() {
    let count = 100_000
    let forms = [
      "a+", "a*", "a<", "a and ", "a|", "a,", "a\n", "a=", "a[0],", "'s' ", "f(a)-", "a or -",
    ]
    let failures = onSmallStack { failures in
      for form in forms {
        let source = String(repeating: form, count: count) + (form == "'s' " ? "" : "a")
        do throws(ScriptSyntaxError) {
          let program = try ScriptParser.parse(source)
          if program.statements.isEmpty || program != program { failures.append(form) }
        } catch {
          failures.append("\(form): \(error)")
        }
      }
      for (source, number) in [
        ("a" + String(repeating: ".T", count: count), count),
        ("a" + String(repeating: "[0]", count: count), count),
        ("a" + String(repeating: "()", count: count), count),
      ] {
        guard case .expression(let value)? = try? ScriptParser.parse(source).statements.first?.kind,
          case .postfix(_, let trailers) = value.kind
        else {
          failures.append("not a postfix chain")
          continue
        }
        if trailers.count != number || value.depth != 1 { failures.append("not flat") }
      }
      let wide = "f(" + (0..<count).map { "k\($0)=1" }.joined(separator: ",") + ")"
      let digits = String(repeating: "7", count: 10 * count)
      for source in [wide, digits, "0." + digits + "e-" + digits] {
        if (try? ScriptParser.parse(source)) == nil { failures.append(String(source.prefix(20))) }
      }
    }
    #expect(failures == [])
  }

  @Test("random tokens and bytes never trap, and errors stand inside the source")
  func randomSources() {
    let tokens =
      (ScriptSymbol.allCases.map(\.rawValue) + ScriptKeyword.allCases.map(\.rawValue)
      + ["a", "b", "x", "f", "1", "0x1F", "2.5", "3j", "1e999", "'s'", "\"", "'", "\\", "\n", "\r"]
      + ["#", "é", "中", "\0", "$", "f''", "r'\\'", "1_", "07", " ", "\t", "\u{301}", "'\\x4", "k="])
      .map { Array($0.utf8) }
    let failures = onSmallStack { failures in
      var random = SplitMix(state: 20_240_229)
      var accepted = 0
      for index in 0..<20_000 {
        var bytes: [UInt8] = []
        let length = Int(random.next() % 24) + 1
        for _ in 0..<length {
          if index % 4 == 0 {
            bytes.append(UInt8(truncatingIfNeeded: random.next() >> 32))
          } else {
            bytes += tokens[Int(random.next() % UInt64(tokens.count))]
            if index % 4 == 1 { bytes.append(UInt8(ascii: " ")) }
          }
        }
        do throws(ScriptSyntaxError) {
          let program = try ScriptParser.parse(utf8: bytes)
          _ = program.sExpression
          accepted += 1
        } catch {
          let isInside = error.range.lowerBound >= 0 && error.range.upperBound <= bytes.count
          if !isInside || !error.rendered(in: bytes).contains("^") { failures.append("\(bytes)") }
        }
      }
      if accepted < 100 { failures.append("only \(accepted) accepted") }
    }
    #expect(failures == [])
  }

  /// Runs work on a thread with a stack of 512 KiB and returns the failures that it appends.
  private func onSmallStack(_ work: @escaping @Sendable (inout [String]) -> Void) -> [String] {
    let done = DispatchSemaphore(value: 0)
    let result = FailureList()
    let thread = Thread {
      result.failures.withLock { work(&$0) }
      done.signal()
    }
    thread.stackSize = Sanitizer.smallStack
    thread.start()
    done.wait()
    return result.failures.withLock { $0 }
  }
}

/// Failures found on another thread.
private final class FailureList: Sendable {
  let failures = Mutex<[String]>([])
}

/// A small generator with a fixed seed.
///
/// - Source: Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators".
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
