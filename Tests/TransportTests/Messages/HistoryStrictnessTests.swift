import Model
import TestKit
import Testing
import Transport

private func fault(_ text: String) -> WireFault.What? {
  wireFault { () throws(WireFault) in _ = try Message(encoded: unhex(text)) }
}

@Suite struct `A reader of history` {
  private let one = "50" + hexadecimal(Sample.one.bytes)
  private let two = "50" + hexadecimal(Sample.two.bytes)

  /// A message with these replicas and the steps of one path.
  private func steps(_ steps: String, _ replicas: String? = nil) -> String {
    "85 0d 00 \(replicas ?? "81" + one) 81 82 42 0077 \(steps) 80"
  }

  private func stamp(_ stamp: String) -> String { "85 0d 00 81 \(one) 80 81 \(stamp)" }

  @Test func `takes what a writer writes`() {
    #expect(fault(steps("81 87 00 01 02 f6 80 80 60")) == nil)
    #expect(fault(stamp("85 00 01 02 20 60")) == nil)
    #expect(fault("85 0d 00 80 80 80") == nil)
  }

  @Test func `refuses replicas that nothing names, or names in another order`() {
    #expect(fault("85 0d 00 81 \(one) 80 80") == .missing)
    #expect(fault("85 0d 00 82 \(one) \(one) 80 80") == .badOrder)
    #expect(fault(steps("81 87 01 01 02 f6 80 80 60", "82 \(one) \(two)")) == .badValue)
    #expect(fault(steps("81 87 01 01 02 f6 80 80 60")) == .badValue)
  }

  @Test func `refuses steps out of order or twice`() {
    let (first, second) = ("87 00 01 02 f6 80 80 60", "87 00 02 02 f6 80 80 60")
    #expect(fault(steps("82 \(first) \(second)")) == nil)
    #expect(fault(steps("82 \(second) \(first)")) == .badOrder)
    #expect(fault(steps("82 \(first) \(first)")) == .badOrder)
    #expect(fault(steps("81 87 00 03 01 f6 86 00 02 00 00 01 00 80 60")) == .badOrder)
    #expect(fault(steps("81 87 00 03 01 f6 86 00 01 00 00 01 00 80 60")) == .badOrder)
  }

  @Test func `refuses values that no event has`() {
    #expect(fault(steps("81 87 00 00 02 f6 80 80 60")) == .badValue, "event 0")
    #expect(fault(steps("81 87 00 1b0001000000000001 02 f6 80 80 60")) == .badValue, "2^48 + 1")
    #expect(fault(steps("81 87 00 01 08 f6 80 80 60")) == .badValue, "a deed")
    #expect(fault(steps("81 87 00 01 02 04 80 80 60")) == .badValue, "a kind of content")
    #expect(fault(steps("81 87 00 01 02 f6 82 00 01 80 60")) == .missing, "half a content")
    #expect(fault(steps("81 87 00 01 02 f6 80 81 00 60")) == .missing, "half an event")
    #expect(fault(steps("81 86 00 01 02 f6 80 80")) == .missing, "no reason")
    #expect(fault(stamp("85 00 02 01 00 60")) == .badOrder, "an end before the beginning")
    #expect(fault(stamp("85 00 01 1b0001000000000001 00 60")) == .tooLarge, "2^48 + 1")
  }

  @Test func `refuses what is beyond its limits before it makes room for it`() {
    let reason = written {
      $0.text(String(repeating: "x", count: HistoryLimits.reasonBytes + 1))
    }
    #expect(fault(steps("81 87 00 01 02 f6 80 80" + hexadecimal(reason))) == .tooLarge)
    let user = written { $0.text(String(repeating: "x", count: HistoryLimits.userBytes + 1)) }
    #expect(fault(stamp("85 00 01 02 00" + hexadecimal(user))) == .tooLarge)
    let contents = written { $0.array(HistoryLimits.replaced * 3 + 3) }
    #expect(fault(steps("81 87 00 01 02 f6" + hexadecimal(contents))) == .tooLarge)
    let many = written { $0.array(HistoryLimits.stepsOfPath + 1) }
    #expect(fault(steps(hexadecimal(many))) == .tooLarge)
    #expect(fault("85 0d 00 80 80 992711") == .tooLarge, "10 001 stamps")
    #expect(fault("85 0d 00 80 80 992710") == .truncated, "10 000 stamps and no byte of them")
  }
}
