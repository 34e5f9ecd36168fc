package import Model

extension MemoryStore {
  package func retired(_ group: String) throws(Failure) -> [RetiredReplica] {
    (struck[group] ?? [:]).values.sorted { $0.replica < $1.replica }
  }

  package func put(_ retired: RetiredReplica, _ group: String) throws(Failure) {
    struck[group, default: [:]][retired.replica] = retired
  }
}
