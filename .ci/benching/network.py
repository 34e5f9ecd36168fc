"""W6 once more, over a line with a delay, and W7, many peers."""
import os

from benching.floors import listed, tar
from benching.peers import beside
from benching.stage import Daemon, Line, Run, say
from benching.tables import Table
from benching.tools import Concord, Csync2, Place, Rsync
from benching.trees import make_tree, rewrite
from benching.turns import measure_each


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
        measure_each(stage, tools, number, source, table)
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
