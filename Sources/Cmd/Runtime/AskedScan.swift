import Model
import Transport

extension LookScope {
  /// What a scan of one of the session's groups is asked for. Paths that no root of the group holds
  /// are passed over: the peer named them.
  func request(_ place: Int, _ group: SessionGroup) -> ScanRequest {
    switch self {
    case .everything: return ScanRequest()
    case .rereading: return ScanRequest(isDeep: true)
    case .parts(let groups):
      let anchors = group.selection.anchors
      let paths = (groups.indices.contains(place) ? groups[place] : []).filter { path in
        anchors.contains { path == $0 || path.isBelow($0) }
      }
      return ScanRequest(paths: paths, isShallow: paths.isEmpty)
    }
  }
}

extension Node {
  func look(
    _ groups: [SessionGroup], _ ledger: any Ledger, _ look: LookScope
  ) throws(Failure) -> [String] {
    let asked = monotonicSeconds()
    var refusals: [String] = []
    for (place, group) in groups.enumerated() {
      let request = look.request(place, group)
      let report = try scan(
        group, ledger, request, unlessSince: request.isDeep ? nil : asked)
      refusals.append(report?.question.map { words($0) } ?? "")
    }
    return refusals
  }
}
