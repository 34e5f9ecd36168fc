import Model
import Testing

@Suite struct `What csync2 notes of an object` {
  private func stat(_ kind: FileStat.Kind, mode: UInt16 = 0o644) -> FileStat {
    FileStat(
      kind: kind, device: 1, inode: 2, size: 42,
      modified: Timestamp(seconds: 1_700_000_000, nanoseconds: 5),
      changed: Timestamp(seconds: 0, nanoseconds: 0), mode: mode, uid: 3, gid: 4, links: 1)
  }

  private func text(
    _ stat: FileStat, _ target: String = "", _ ignored: Set<Settings.Ignored> = []
  ) -> String {
    csync2CheckText(stat, target: Array(target.utf8), ignored: ignored)
  }

  @Test func `is its time, whole mode, owner and size`() {
    #expect(
      text(stat(.file)) == "v1:mtime=1700000000:mode=33188:uid=3:gid=4:type=reg:size=42")
    #expect(text(stat(.fifo)) == "v1:mtime=1700000000:mode=4516:uid=3:gid=4:type=fifo")
  }

  @Test func `has no time for directories and links, and a link's target encoded`() {
    #expect(text(stat(.directory, mode: 0o755)) == "v1:mode=16877:uid=3:gid=4:type=dir")
    #expect(
      text(stat(.symlink, mode: 0o777), "a b/%:\u{1B}é")
        == "v1:mode=41471:uid=3:gid=4:type=lnk:target=a%20b/%25%3a%1b%c3%a9")
  }

  @Test func `leaves out what the configuration ignores`() {
    #expect(text(stat(.directory), "", [.uid, .gid, .mod]) == "v1:type=dir")
    #expect(text(stat(.directory), "", [.gid]) == "v1:mode=16804:uid=3:type=dir")
  }
}
