/// The style sheet of a page, for light and dark surroundings.
enum ReportStyle {
  /// Steps with a colour of their own; all others are grey.
  static let colourCount = 8

  static let sheet = """
    :root { color-scheme: light dark; --page: #fcfcfb; --ink: #1f1f1d; --soft: #65645f; --line: #dedcd5;
      --card: #ffffff; --grid: #ebe9e3; --bad: #b3261e; --rest: #b5b3ab;
      --c0: #2a78d6; --c1: #eb6834; --c2: #1baf7a; --c3: #eda100; --c4: #8a5bd6; --c5: #e34948;
      --c6: #12a3b4; --c7: #d55181; }
    @media (prefers-color-scheme: dark) { :root { --page: #171716; --ink: #ecebe6; --soft: #a3a19a;
      --line: #3a3936; --card: #1f1f1d; --grid: #2c2b29; --bad: #ff8a80; --rest: #66645e;
      --c0: #4a93e8; --c1: #e0703d; --c2: #23a377; --c3: #cc9018; --c4: #a084ea; --c5: #e66767;
      --c6: #27a5b5; --c7: #d8628e; } }
    * { box-sizing: border-box; }
    body { margin: 0 auto; padding: 28px 24px 56px; max-width: 1180px; background: var(--page);
      color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }
    h1 { font-size: 24px; line-height: 1.25; margin: 0 0 2px; font-weight: 650; overflow-wrap: anywhere; }
    h2 { font-size: 17px; margin: 34px 0 8px; font-weight: 650; }
    p { margin: 4px 0 10px; max-width: 80ch; }
    .soft, figcaption { color: var(--soft); }
    .bad { color: var(--bad); font-weight: 600; overflow-wrap: anywhere; }
    .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 10px;
      margin: 18px 0 6px; padding: 0; list-style: none; }
    .tiles li { background: var(--card); border: 1px solid var(--line); border-radius: 8px;
      padding: 10px 14px; }
    .tiles b { display: block; font-size: 20px; font-weight: 600; font-variant-numeric: tabular-nums; }
    .tiles span { color: var(--soft); font-size: 13px; }
    figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 8px;
      padding: 12px 12px 8px; }
    figcaption { font-size: 13px; margin-top: 4px; }
    svg { display: block; width: 100%; height: auto; }
    svg text { fill: var(--soft); font-size: 12px; font-variant-numeric: tabular-nums; }
    .grid { stroke: var(--grid); } .lane { fill: var(--grid); opacity: 0.55; }
    .area { fill: var(--c0); opacity: 0.22; } .curve { fill: none; stroke: var(--c0); stroke-width: 1.5; }
    .written { fill: none; stroke: var(--c1); stroke-width: 1.5; }
    .limit { stroke: var(--bad); stroke-width: 1.5; } .limit-text { fill: var(--bad); }
    .peak { stroke: var(--soft); stroke-dasharray: 5 4; }
    .s0 { fill: var(--c0); } .s1 { fill: var(--c1); } .s2 { fill: var(--c2); } .s3 { fill: var(--c3); }
    .s4 { fill: var(--c4); } .s5 { fill: var(--c5); } .s6 { fill: var(--c6); } .s7 { fill: var(--c7); }
    .rest { fill: var(--rest); }
    i.s0 { background: var(--c0); } i.s1 { background: var(--c1); } i.s2 { background: var(--c2); }
    i.s3 { background: var(--c3); } i.s4 { background: var(--c4); } i.s5 { background: var(--c5); }
    i.s6 { background: var(--c6); } i.s7 { background: var(--c7); } i.rest { background: var(--rest); }
    i { display: inline-block; width: 11px; height: 11px; border-radius: 3px; margin-right: 7px; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; font-size: 14px; }
    th { text-align: left; font-weight: 600; color: var(--soft); font-size: 13px; }
    th, td { padding: 5px 10px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
    td.n, th.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums;
      padding-right: 18px; }
    td.w { overflow-wrap: anywhere; min-width: 220px; }
    td.w code { color: var(--soft); }
    pre, code { font: 13px/1.45 ui-monospace, "SF Mono", Menlo, "DejaVu Sans Mono", monospace; }
    pre { background: var(--card); border: 1px solid var(--line); border-radius: 8px; margin: 8px 0;
      padding: 12px 14px; overflow: auto; max-height: 480px; }
    summary { cursor: pointer; padding: 4px 0; }
    """
}
