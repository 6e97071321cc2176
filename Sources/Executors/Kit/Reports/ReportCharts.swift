import WeftIR

/// The pictures of a page, as SVG.
struct ReportCharts {
  /// Units of the pictures' width; the page scales them.
  static let width = 1120.0
  private static let left = 92.0
  private static let right = 16.0
  private static var inner: Double { width - left - right }

  /// When the first thing began and the last ended, in nanoseconds.
  let first: Int
  let last: Int
  /// The class of each step: `s0` to `s7` by time, `rest`.
  let classes: [String]

  private func x(_ time: Int) -> Double {
    Self.left + Self.inner * Double(time - first) / Double(max(1, last - first))
  }

  private static func number(_ value: Double) -> String {
    let text = ReportNumbers.decimal(value, 1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private static func open(_ html: inout HTMLText, height: Double, _ label: String) {
    html.markup(
      "<svg viewBox=\"0 0 \(number(width)) \(number(height))\" role=\"img\" "
        + "aria-label=\"\(HTMLText.escaped(label))\">\n")
  }

  private static func text(
    _ html: inout HTMLText, _ x: Double, _ y: Double, _ text: String, anchor: String = "start",
    _ style: String? = nil
  ) {
    let extra = style.map { " class=\"\($0)\"" } ?? ""
    html.element(
      "text", "x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\"\(extra)", text)
    html.markup("\n")
  }

  private static func line(
    _ html: inout HTMLText, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String
  ) {
    html.markup(
      "<line class=\"\(style)\" x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" "
        + "y2=\"\(number(y2))\"/>\n")
  }

  /// A round number of seconds in words, without noughts behind the point.
  private static func words(_ seconds: Double) -> String {
    let parts = ReportNumbers.time(Int((seconds * 1e9).rounded())).split(separator: " ")
    guard parts.count == 2, parts[0].contains(".") else { return parts.joined(separator: " ") }
    let number = String(parts[0].reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed())
    return "\(number) \(parts[1])"
  }

  /// Lines and words for times, from a top to a bottom.
  private func timeAxis(_ html: inout HTMLText, _ top: Double, _ bottom: Double) {
    let seconds = Double(last - first) / 1e9
    for tick in ReportNumbers.ticks(to: seconds, about: 10) {
      let x = self.x(first + Int(tick * 1e9))
      Self.line(&html, x, top, x, bottom, "grid")
      let anchor = x > Self.width - 40 ? "end" : "middle"
      Self.text(
        &html, x, bottom + 16, tick == 0 ? "0" : Self.words(tick),
        anchor: anchor)
    }
  }

  // MARK: - Timeline

  private static let laneHeight = 22.0
  private static let laneStep = 27.0

  /// What each thread did when. Where tasks are too many to be drawn, a bar's height is the part of
  /// its time that the thread was busy, its colour that of the step that took most of it.
  func timeline(_ lanes: [TimelineLane], _ html: inout HTMLText) {
    let bottom = 6 + Double(lanes.count) * Self.laneStep
    Self.open(&html, height: bottom + 24, "What each thread did when")
    timeAxis(&html, 4, bottom)
    for (place, lane) in lanes.enumerated() {
      let top = 6 + Double(place) * Self.laneStep
      Self.text(&html, Self.left - 8, top + 15, lane.name, anchor: "end")
      html.markup(
        "<rect class=\"lane\" x=\"\(Self.number(Self.left))\" y=\"\(Self.number(top))\" "
          + "width=\"\(Self.number(Self.inner))\" height=\"\(Self.number(Self.laneHeight))\"/>\n")
      for (style, path) in paths(lane, top).sorted(by: { $0.key < $1.key }) {
        html.markup("<path class=\"\(style)\" d=\"\(path)\"/>\n")
      }
    }
    html.markup("</svg>\n")
  }

  /// The bars of a lane: one path for each class.
  private func paths(_ lane: TimelineLane, _ top: Double) -> [String: String] {
    var paths: [String: String] = [:]
    func draw(_ span: TimelineLane.Span) {
      let (begin, end) = (x(span.start), x(span.end))
      let wide = max(0.4, end - begin)
      let share = min(1, Double(span.busy) / Double(max(1, span.end - span.start)))
      let height = max(1.5, Self.laneHeight * (span.tasks == 1 ? 1 : share))
      let style = classes.indices.contains(span.step) ? classes[span.step] : "rest"
      // A gap between neighbours where both are wide enough to be seen apart.
      let drawn = wide > 4 ? wide - 0.8 : wide
      paths[style, default: ""] +=
        "M\(Self.number(begin)) \(Self.number(top + Self.laneHeight - height))h\(Self.number(drawn))"
        + "v\(Self.number(height))h-\(Self.number(drawn))z"
    }
    var open: TimelineLane.Span?
    for span in lane.all {
      let grown = open.map { $0.joined(with: span) } ?? span
      if x(grown.end) - x(grown.start) < 0.7 {
        open = grown
        continue
      }
      // What was too short to be seen does not widen what can be.
      if let waiting = open, x(span.end) - x(span.start) >= 0.7 {
        draw(waiting)
        draw(span)
      } else {
        draw(grown)
      }
      open = nil
    }
    if let open { draw(open) }
    return paths
  }

  // MARK: - Bytes

  private static let chartHeight = 170.0

  /// Lines and words for bytes up to a greatest value; the height of a value.
  private func byteAxis(
    _ html: inout HTMLText, most: Double, _ unit: String = ""
  ) -> (Double) -> Double {
    let (top, bottom) = (14.0, 14.0 + Self.chartHeight)
    func y(_ value: Double) -> Double { bottom - Self.chartHeight * value / max(1, most) }
    for tick in ReportNumbers.ticks(to: most, about: 5, isBinary: true) {
      Self.line(&html, Self.left, y(tick), Self.width - Self.right, y(tick), "grid")
      let words = tick == 0 ? "0" : ByteText.of(Int(tick)) + unit
      Self.text(&html, Self.left - 8, y(tick) + 4, words, anchor: "end")
    }
    timeAxis(&html, top, bottom)
    return y
  }

  /// The bytes of buffers over time, with the limit and what the plan said.
  func memory(
    _ samples: [SampleSeries.Sample], limit: Int?, peak: Int, _ html: inout HTMLText
  ) {
    let most = Double(max(limit ?? 0, peak, samples.map(\.live).max() ?? 0)) * 1.12
    Self.open(&html, height: Self.chartHeight + 38, "Bytes of buffers over time")
    let y = byteAxis(&html, most: most)
    // One point for each unit of width: what was most there.
    var points: [(place: Int, live: Int)] = []
    for sample in samples {
      let place = Int(x(sample.time))
      if let last = points.last, last.place == place {
        points[points.count - 1].live = max(last.live, sample.live)
      } else {
        points.append((place, sample.live))
      }
    }
    var outline = ""
    for point in points {
      let height = Self.number(y(Double(point.live)))
      outline += "\(outline.isEmpty ? "M" : "L")\(point.place) \(height)"
    }
    let (start, end) = ("\(points.first?.place ?? 0)", Self.number(x(last)))
    let base = Self.number(y(0))
    if !outline.isEmpty {
      outline += "H\(end)"
      html.markup("<path class=\"area\" d=\"\(outline)V\(base)H\(start)z\"/>\n")
      html.markup("<path class=\"curve\" d=\"\(outline)\"/>\n")
    }
    func mark(_ bytes: Int, _ words: String, _ style: String, _ textStyle: String?, above: Bool) {
      let height = y(Double(bytes))
      Self.line(&html, Self.left, height, Self.width - Self.right, height, style)
      Self.text(
        &html, Self.width - Self.right - 4,
        height + (above || Double(bytes) < most * 0.12 ? -5 : 14),
        "\(words) \(ByteText.of(bytes))", anchor: "end", textStyle)
    }
    if peak > 0 { mark(peak, "planned peak", "peak", nil, above: false) }
    if let limit { mark(limit, "limit", "limit", "limit-text", above: true) }
    html.markup("</svg>\n")
  }

  /// Bytes read and written a second, over time.
  func transfer(_ samples: [SampleSeries.Sample], _ html: inout HTMLText) {
    let bins = 120
    let seconds = Double(max(1, last - first)) / 1e9 / Double(bins)
    func rates(_ total: (SampleSeries.Sample) -> Int) -> [Double] {
      var rates = Array(repeating: 0.0, count: bins)
      var (time, sum) = (first, 0)
      for sample in samples {
        // What came between two samples came evenly.
        let from = Double(time - first) / 1e9 / seconds
        let to = max(from + 1e-9, Double(sample.time - first) / 1e9 / seconds)
        let amount = Double(total(sample) - sum)
        for bin in Int(from)...max(Int(from), Int(to)) where amount > 0 && bin < bins {
          let shared = min(to, Double(bin + 1)) - max(from, Double(bin))
          rates[bin] += amount * max(0, shared) / (to - from) / seconds
        }
        (time, sum) = (sample.time, total(sample))
      }
      return rates
    }
    let (read, written) = (rates(\.read), rates(\.written))
    let most = max(read.max() ?? 0, written.max() ?? 0)
    Self.open(&html, height: Self.chartHeight + 38, "Bytes read and written a second")
    let y = byteAxis(&html, most: most * 1.06, "/s")
    for (rates, style) in [(read, "curve"), (written, "written")]
    where rates.contains(where: { $0 > 0 }) {
      var path = ""
      for (bin, rate) in rates.enumerated() {
        let begin = Self.left + Self.inner * Double(bin) / Double(bins)
        path +=
          "\(path.isEmpty ? "M\(Self.number(begin)) " : "V")\(Self.number(y(rate)))"
          + "H\(Self.number(begin + Self.inner / Double(bins)))"
      }
      html.markup("<path class=\"\(style)\" d=\"\(path)\"/>\n")
    }
    html.markup("</svg>\n")
  }
}
