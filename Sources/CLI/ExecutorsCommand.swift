import ArgumentParser
import Weft
import WeftIR

/// `weft executors`: who can compute here.
struct ExecutorsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "executors", abstract: "List the executors, their devices and what they lack.")

  @Flag(help: "Print one JSON object an executor.")
  var json = false

  func run() throws {
    let session = Session.standard
    let preferred = try? session.chooseExecutor().executor.name
    for executor in session.executors {
      let (isAvailable, text) =
        switch executor.probe() {
        case .available(let device): (true, device)
        case .unavailable(let reason): (false, reason)
        }
      if json {
        StandardStream.output.line(
          JSONWriter.text(
            of: .object([
              ("name", .string(executor.name)), ("available", .bool(isAvailable)),
              (isAvailable ? "device" : "reason", .string(text)),
              ("chosen", .bool(executor.name == preferred)),
              (
                "devices",
                .array(
                  executor.devices.map { device in
                    .object([
                      ("name", .string(device.name)), ("details", .string(device.details)),
                      ("usable", .bool(device.refusal == nil)),
                      ("chosen", .bool(device.isChosen)),
                    ])
                  })
              ),
            ])))
      } else {
        let mark = executor.name == preferred ? "*" : " "
        let name = executor.name + String(repeating: " ", count: max(1, 12 - executor.name.count))
        StandardStream.output.line(
          "\(mark) \(name)\(isAvailable ? "available  " : "missing    ")\(text)")
        for (index, device) in executor.devices.enumerated() {
          let mark = device.isChosen ? ">" : " "
          let refusal = device.refusal.map { "; not usable: \($0)" } ?? ""
          StandardStream.output.line(
            "  \(mark) device \(index): \(device.name), \(device.details)\(refusal)")
        }
      }
    }
  }
}
