"""W1, W2, W3, W4, W6 and W7: trees of small files."""
import os, shutil

from benching.stage import Daemon, Line, Run, say
from benching.syncthing import Syncthing
from benching.tables import Table
from benching.tools import Concord, Csync2, Place, Rsync, Unison
from benching.trees import make_tree, rewrite

BOTH = "concord sync (both ends look)"
SLOW = {"csync2": Csync2, "unison": Unison, "syncthing": Syncthing}


def beside(wanted):
    """The slow tools that are here; nothing is installed for a measurement."""
    found = []
    for program, tool in SLOW.items():
        if program not in wanted:
            continue
        if shutil.which(program):
            found.append(tool)
        else:
            say(f"{program} is not installed: left out")
    return found


def listed(stage, source, names):
    """A file that names these, as tar reads it."""
    path = stage.scratch("names")
    with open(path, "w") as file:
        file.writelines(os.path.relpath(name, source) + "\n" for name in names)
    return path


def tar(stage, source, target, durable, names=None):
    """The least: all of it through a pipe, written by who reads it."""
    what = "."
    if names:
        what = "-T " + listed(stage, source, names)
    command = f"tar -C {source} -cf - {what} | tar -C {target} -xpf -"
    return stage.run(["sh", "-c", command + (f" && sync -f {target}" if durable else "")])


class SmallFiles:
    """The rounds on one tree. Where the first sync is wanted each round has fresh targets; else
    all rounds share those of the first."""

    def __init__(self, stage, size, asked):
        self.stage, self.size, self.asked, self.wanted = stage, size, asked, asked.wanted
        self.source = stage.path(f"source-{size}")
        self.slow = beside(asked.peers) if size <= asked.slow else []
        self.tools, self.counts, self.round = [], False, 0
        self.tables = {name: Table(name, f"{title}, {size} files", size, note) for
                       name, title, note in [
            ("W1", "W1 first index", "Concord hashes every file."),
            ("W2", "W2 nothing changed", ""),
            ("W3", "W3 first sync to an empty peer",
             "Concord and `tar, sync -f` are durable at the end, the others are not. `concord sync` "
             "begins after the first index of the source."),
            ("W4", "W4 one changed file", ""),
            ("W4 given", "W4 one changed file, its path given", ""),
            ("W6", "W6 1 000 changed files", "")]}

    def run(self):
        say(f"a tree of {self.size} files")
        make_tree(self.stage, self.source, self.size)
        fresh = "W3" in self.wanted
        for self.round in range(self.asked.rounds + 1):
            self.counts = self.round > 0
            say(f"{self.size} files, round {self.round}"
                + ("" if self.counts else ", which does not count"))
            folder = self.stage.path(f"round-{self.size}-{self.round}")
            os.makedirs(folder)
            if fresh or not self.tools:
                self.leave()
                self.enter(folder)
            self.look(folder, None if self.tools_met else self.concord)
            if self.wanted & {"W2", "W3", "W4", "W6"}:
                self.exchange()
            if self.counts:
                self.leave(lambda tool: tool.slow)
        self.leave()

    def enter(self, folder):
        stage, source = self.stage, self.source

        def target(name):
            path = os.path.join(folder, "target-" + name)
            os.makedirs(path)
            return path

        self.plain, self.tools_met = target("tar"), False
        self.concord = Concord(stage, self.asked.binary, os.path.join(folder, "concord"), source,
                               [target("concord")])
        self.tools = [self.concord]
        self.tools.append(Rsync(stage, os.path.join(folder, "rsync"), source, target("rsync")))
        # Who is slow is measured once, in the first round that counts.
        for tool in self.slow if self.round <= 1 and (self.counts or "W3" not in self.wanted) else []:
            name = tool.__name__.lower()
            self.tools.append(tool(stage, os.path.join(folder, name), source, target(name)))

    def leave(self, who=lambda tool: True):
        for tool in filter(who, list(self.tools)):
            tool.down()
            self.tools.remove(tool)

    def add(self, workload, name, run, kind="tool", note=""):
        if (self.counts or run.trouble) and workload.split()[0] in self.wanted:
            self.tables[workload].add(name, run, kind, note)

    def floor(self, workload, name, *words, kind="floor"):
        """A `part` is shown, and less than the work: it is not what the others are held against."""
        self.stage.settle()
        run = self.stage.run(list(words))
        self.add(workload, ("floor: " if kind == "floor" else "") + name, run, kind)

    def look(self, folder, concord):
        """What is done on one side: a first index, and a look that finds nothing."""
        stage, source = self.stage, self.source
        flat = os.path.join(folder, "index")
        scan2, hash2, index2 = (stage.program(name) for name in ("scan2", "hash2", "index2"))
        self.floor("W1", "two threads look", scan2, source, kind="part")
        self.floor("W1", "look, sort, one file", index2, source, flat, kind="part")
        self.floor("W1", "look, read every byte", hash2, source)
        self.floor("W2", "two threads look", scan2, source)
        self.floor("W2", "look, sort, one file", index2, source, flat, kind="part")
        if concord is None:
            concord = Concord(stage, self.asked.binary, os.path.join(folder, "alone"), source,
                              [os.path.join(folder, "nowhere")])
        stage.settle()
        self.first = concord.scan()
        note = "" if self.first.trouble else f"{concord.state() / self.size:.0f} B of state a file"
        self.add("W1", "concord scan", self.first, note=note)
        stage.settle()
        # Where no daemon does it at rest, the next scan keeps the texts that merges may need.
        self.add("W1", "the next concord scan, which keeps texts", concord.scan())
        self.add("W2", "concord scan", concord.scan())

    def in_turn(self):
        """The tools, each round beginning with another."""
        at = self.round % len(self.tools)
        return self.tools[at:] + self.tools[:at]

    def each(self, workload, names=(), label=None, checked=True):
        for tool in self.in_turn():
            if names and not tool.can_name:
                self.quietly(tool)
                continue
            self.stage.settle()
            run = tool.sync(*names)
            wrong = ""
            if checked and not run.trouble:
                wrong = self.stage.differs(self.source, tool.target)
            self.add(workload, (label or (lambda name: name))(tool.name), run, tool.kind,
                     f"not carried: {wrong}" if wrong else "")
            if run.trouble and not names:
                say(f"{tool.name} takes no further part: {run.trouble}")
                tool.down()
                self.tools.remove(tool)
            elif tool is self.concord and workload == "W3":
                self.add("W3", "concord first index and first sync", self.first.plus(run))

    def quietly(self, tool):
        self.stage.settle()
        tool.sync()

    def exchange(self):
        stage, source, size, number = self.stage, self.source, self.size, self.round
        if not self.tools_met:
            stage.settle()
            self.add("W3", "floor: tar, sync -f", tar(stage, source, self.plain, True), "floor")
            self.concord.up()
            self.each("W3")
            self.tools_met = True
        for tool in self.tools:
            # What was installed within a tick of the clock is looked at once more.
            self.quietly(tool)
        if "W2" in self.wanted:
            self.each("W2", label=lambda name: BOTH if name == self.concord.name else name,
                      checked=False)
        if "W4" in self.wanted:
            self.one_file()
        if "W6" in self.wanted:
            names = rewrite(source, min(1000, size), size, seed=number * 7 + 3)
            stage.settle()
            self.add("W6", "floor: tar of the changed, sync -f",
                     tar(stage, source, self.plain, True, names), "floor")
            self.each("W6")

    def one_file(self):
        stage, source, size, number = self.stage, self.source, self.size, self.round
        name = rewrite(source, 1, size, seed=number * 7 + 1)[0]
        short = os.path.relpath(name, source)
        self.floor("W4", "look, tar of one", "sh", "-c",
                   f"{stage.program('scan2')} {source} && tar -C {source} -cf - {short} "
                   f"| tar -C {self.plain} -xpf -")
        self.each("W4")
        name = rewrite(source, 1, size, seed=number * 7 + 2)[0]
        self.floor("W4 given", "tar of one", "sh", "-c",
                   f"tar -C {source} -cf - {short} | tar -C {self.plain} -xpf -")
        self.each("W4 given", (name,), lambda tool: tool + (" FILE" if tool == "concord sync" else ""))


def far_away(stage, asked, milliseconds=40):
    """W6 once more, with a line of so long a round trip between the two ends."""
    line = Line(stage, milliseconds)
    if line.pid is None:
        say(f"no line with a delay here (/dev/net/tun): W6 at {milliseconds} ms left out")
        return
    size = 10_000
    place, folder = Place(line), stage.path("far")
    source = stage.path("far-source")
    make_tree(stage, source, size)
    table = Table("W6 far", f"W6 1 000 changed files of {size}, {milliseconds} ms there and back",
                  size, "csync2 needs some nine round trips a file: it is not measured here.")

    def target(name):
        path = os.path.join(folder, "target-" + name)
        os.makedirs(path)
        return path

    concord = Concord(stage, asked.binary, os.path.join(folder, "concord"), source,
                      [target("concord")], place)
    tools = [concord, Rsync(stage, os.path.join(folder, "rsync"), source, target("rsync"), place)]
    tools += [tool(stage, os.path.join(folder, tool.__name__), source, target(tool.__name__), place)
              for tool in beside(asked.peers) if tool is not Csync2]
    plain = target("tar")
    port, wire = "5000", stage.program("wire")
    receiver = Daemon(stage, [wire, "serve", port, "tar", "-C", plain, "-xpf", "-"],
                      network=line.pid).wait(line.far, int(port))
    concord.up()
    for tool in tools:
        tool.sync()
    for number in range(asked.rounds + 1):
        say(f"{milliseconds} ms, round {number}")
        names = rewrite(source, 1000, size, seed=1000 + number)
        stage.settle()
        run = stage.run([wire, "call", line.far, port, "tar", "-C", source, "-cf", "-", "-T",
                         listed(stage, source, names)], daemons=(receiver,), device=line.device)
        if number:
            table.add("floor: tar of the changed", run, "floor")
        for tool in tools[number % len(tools):] + tools[:number % len(tools)]:
            stage.settle()
            run = tool.sync()
            if number or run.trouble:
                wrong = "" if run.trouble else stage.differs(source, tool.target)
                table.add(tool.name, run, tool.kind, f"not carried: {wrong}" if wrong else "")
    for tool in tools:
        tool.down()
    receiver.stop()
    line.clear()


def many_peers(stage, asked, count=8):
    """W7: the same 1 000 changed files for many peers."""
    size, folder, source = 10_000, stage.path("many"), stage.path("many-source")
    make_tree(stage, source, size)
    table = Table("W7", f"W7 1 000 changed files of {size} to {count} peers", None,
                  "Concord meets all of them in one run; rsync and tar take one after the other.")
    targets = {name: [os.path.join(folder, f"{name}-{number}") for number in range(count)]
               for name in ("concord", "rsync", "tar")}
    for path in sum(targets.values(), []):
        os.makedirs(path)
    concord = Concord(stage, asked.binary, os.path.join(folder, "concord"), source,
                      targets["concord"])
    concord.up()
    others = [Rsync(stage, os.path.join(folder, f"rsyncd-{number}"), source, path)
              for number, path in enumerate(targets["rsync"])]
    everybody = lambda runs: sum_of(list(runs))
    for number in range(asked.rounds + 1):
        say(f"{count} peers, round {number}")
        names = rewrite(source, 1000, size, seed=2000 + number) if number else None
        stage.settle()
        floor = everybody(tar(stage, source, path, True, names) for path in targets["tar"])
        stage.settle()
        mine = concord.sync()
        stage.settle()
        theirs = everybody(rsync.sync() for rsync in others)
        if number:
            table.add("floor: tar of the changed, sync -f, in turn", floor, "floor")
            wrong = "; ".join(sorted({stage.differs(source, path)
                                      for path in targets["concord"]} - {""}))
            table.add("concord sync", mine, note=f"not carried: {wrong}" if wrong else "")
            table.add(Rsync.name + ", in turn", theirs, "peer")
    concord.down()


def sum_of(runs):
    total = Run()
    for run in runs:
        total = total.plus(run)
    return total
