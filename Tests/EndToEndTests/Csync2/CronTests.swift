import Glibc
import Testing

/// A cluster as csync2's users have it: nothing is changed but the program behind the name.
@Suite struct `Scripts written for csync2` {
  private let more = """
    include %d%/cache/keep;
        exclude %d%/private;
        compare %d%/private/cert;
        auto younger;
    """

  private func lab() throws -> Lab {
    let lab = try Lab.csync2(more: more)
    try lab.base(["conf/main.cf": "port 80\n", "conf/a b\nc": "odd"])
    return lab
  }

  private func expectFiles(_ lab: Lab, _ name: Name, _ text: String?) throws {
    #expect(try lab.contents(name) == [text, text, text], "\(name)")
  }

  @Test func `find their configuration, their key and their hosts`() throws {
    let lab = try lab()
    #expect(try lab.cron("a.lab", "csync2 -x").silent)
    #expect(try lab.cron("a.lab", "csync2 -T").status == 2)
  }

  @Test func `bring changes to all hosts, silently`() throws {
    let lab = try lab()
    try lab.write("a.lab", "conf/main.cf", "port 81\n")
    try lab.write("a.lab", "conf/x.swp", "not synced")
    try lab.write("a.lab", "private/cert", "not synced")
    let outcome = try lab.cron("a.lab", "csync2 -x")
    #expect(outcome.status == 0 && outcome.silent, "\(outcome)")
    try expectFiles(lab, "conf/main.cf", "port 81\n")
    #expect(!lab.exists("b.lab", "conf/x.swp") && !lab.exists("b.lab", "private/cert"))
    try lab.write("b.lab", "conf/new", "of b")
    #expect(try lab.cron("b.lab", "csync2 -xv -D $CONCORD_STATE -N b.lab").status == 0)
    try expectFiles(lab, "conf/new", "of b")
  }

  @Test func `look with one run and send with another`() throws {
    let lab = try lab()
    try lab.write("a.lab", "conf/main.cf", "port 82\n")
    let dirty = "csync2 -cr / && csync2 -M"
    let listed = try lab.cron("a.lab", dirty)
    #expect(
      listed.out == "chary\ta.lab\tb.lab\t%d%/conf/main.cf\n"
        + "chary\ta.lab\tc.lab\t%d%/conf/main.cf\n", "\(listed)")
    try lab.write("a.lab", "conf/later", "not looked at")
    #expect(try lab.cron("a.lab", "csync2 -u && csync2 -M").status == 2)
    try expectFiles(lab, "conf/main.cf", "port 82\n")
    #expect(!lab.exists("b.lab", "conf/later"))
  }

  @Test func `of watchers hint and work hints off`() throws {
    let lab = try lab()
    try lab.write("a.lab", "conf/main.cf", "port 83\n")
    try lab.write("a.lab", "other", "not hinted")
    let watch = "cd $ROOT/conf && csync2 -h main.cf && csync2 -H && csync2 -cu && csync2 -H"
    let outcome = try lab.cron("a.lab", watch)
    #expect(outcome.status == 2 && outcome.out == "0\t%d%/conf/main.cf\n", "\(outcome)")
    try expectFiles(lab, "conf/main.cf", "port 83\n")
    #expect(!lab.exists("b.lab", "other"))
  }

  @Test func `decide a conflict as the configuration says, alike on all hosts`() throws {
    let lab = try lab()
    try lab.write("a.lab", "conf/main.cf", "older\n")
    try lab.touch("a.lab", "conf/main.cf", seconds: 1_000_000_000)
    try lab.write("b.lab", "conf/main.cf", "younger\n")
    try lab.touch("b.lab", "conf/main.cf", seconds: 1_600_000_000)
    for host in lab.hosts { try lab.csync2(host, "-x", exits: 0) }
    try expectFiles(lab, "conf/main.cf", "younger\n")
    #expect(try lab.cron("c.lab", "csync2 -T").status == 2)
  }

  @Test func `work in the same way through the daemon`() throws {
    let lab = try lab()
    try lab.down()
    for host in lab.hosts { lab.servers[host] = try lab.startCsync2(host, ["-ii"]) }
    for host in lab.hosts {
      #expect(try until(seconds: 30) { try lab.port(host).answers })
    }
    try lab.write("a.lab", "conf/main.cf", "port 84\n")
    let outcome = try lab.cron("a.lab", "csync2 -xv")
    #expect(outcome.status == 0 && outcome.err.contains("%d%/conf/main.cf"), "\(outcome)")
    try expectFiles(lab, "conf/main.cf", "port 84\n")
  }

  @Test func `say at the first word what is in the way`() throws {
    let lab = try lab()
    try lab.down("c.lab")
    let outcome = try lab.cron("a.lab", "csync2 -x")
    #expect(outcome.status == 1)
    expectOneLine(outcome, naming: "c.lab")
  }
}
