import Testing
import WeftConformance
import WeftHost
import WeftReference

@Suite("Conformance") struct ConformanceTests {
  @Test("the reference executor conforms to itself")
  func reference() {
    let suite = ExecutorConformance(scheduler: HostScheduler(threadCount: 1))
    #expect(suite.check(ReferenceExecutor()) == [])
  }

  @Test("the host executor conforms, on one thread and on two")
  func host() {
    for threads in [1, 2] {
      let suite = ExecutorConformance(scheduler: HostScheduler(threadCount: threads))
      #expect(suite.check(HostExecutor(fallback: ReferenceExecutor())) == [])
    }
  }
}
