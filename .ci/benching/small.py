"""W1, W2, W3, W4 and W6: trees of small files."""
import os

from benching.floors import tar
from benching.peers import beside
from benching.stage import say
from benching.tables import Table
from benching.tools import Concord, Rsync
from benching.trees import make_tree, rewrite
from benching.turns import durably, in_turn

BOTH = "concord sync (both ends look)"


class SmallFiles:
    """The rounds on one tree. Where the first sync is wanted each round has fresh targets, unless
    the tree is so large that it is measured once, in the first round; else all rounds share those
    of the first."""

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
             "Concord, syncthing and `tar, sync -f` are durable at the end. `concord sync` begins "
             "after the first index of the source."),
            ("W4", "W4 one changed file", ""),
            ("W4 given", "W4 one changed file, its path given", ""),
            ("W6", "W6 1 000 changed files", "")]}

    def run(self):
        say(f"a tree of {self.size} files")
        make_tree(self.stage, self.source, self.size)
        for self.round in range(self.asked.rounds_of(self.size) + 1):
            self.counts = self.round > 0
            say(f"{self.size} files, round {self.round}"
                + ("" if self.counts else ", which does not count"))
            folder = self.stage.path(f"round-{self.size}-{self.round}")
            os.makedirs(folder)
            is_new = self.is_fresh or not self.tools
            if is_new:
                self.leave()
                self.enter(folder)
            self.look(folder, self.concord if is_new else None)
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
        takes_part = self.round == (1 if self.is_fresh else 0)
        for tool in self.slow if takes_part else []:
            name = tool.__name__.lower()
            self.tools.append(tool(stage, os.path.join(folder, name), source, target(name)))

    def leave(self, who=lambda tool: True):
        for tool in filter(who, list(self.tools)):
            tool.down()
            self.tools.remove(tool)

    @property
    def is_fresh(self):
        return "W3" in self.wanted and self.size <= self.asked.fresh

    def add(self, workload, name, run, kind="tool", note=""):
        counts = self.counts or workload == "W3" and not self.is_fresh
        if (counts or run.trouble) and workload.split()[0] in self.wanted:
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

    def each(self, workload, names=(), label=None, checked=True):
        for tool in in_turn(self.tools, self.round):
            if names and not tool.can_name:
                self.quietly(tool)
                continue
            self.stage.settle()
            run = tool.sync(*names)
            after = durably(self.stage, tool, run, names) if workload in ("W3", "W6") else None
            wrong = ""
            if checked and self.counts and not run.trouble:
                wrong = self.stage.differs(self.source, tool.target)
            self.add(workload, (label or (lambda name: name))(tool.name), run, tool.kind,
                     f"not carried: {wrong}" if wrong else "")
            if after:
                self.add(workload, *after, "peer")
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
        self.each("W4 given", (name,),
                  lambda tool: tool + (" FILE" if tool == self.concord.name else ""))
