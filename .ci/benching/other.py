"""W5, one large file, and W8, what a program costs that does nothing."""
import os, shutil, time

from benching.peers import beside
from benching.stage import say
from benching.tables import Table
from benching.tools import Concord, Rsync
from benching.trees import make_tree
from benching.turns import measure_each


def large_file(stage, asked):
    """W5: one large file, then a change in its middle, then a byte in front of it."""
    size = asked.large
    tables = [Table(f"W5 {name}", f"W5 one file of {size} MiB: {title}", size) for name, title in [
        ("first", "first"), ("middle", "1 MiB changed in the middle"),
        ("front", "one byte in front")]]
    for number in range(asked.rounds + 1):
        counts = number > 0
        say(f"one file of {size} MiB, round {number}"
            + ("" if counts else ", which does not count"))
        folder = stage.path(f"large-{number}")
        source = os.path.join(folder, "a")
        os.makedirs(source)

        def target(name):
            path = os.path.join(folder, "target-" + name)
            os.makedirs(path)
            return path

        concord = Concord(stage, asked.binary, os.path.join(folder, "concord"), source,
                          [target("concord")])
        concord.up()
        tools = [concord, Rsync(stage, os.path.join(folder, "rsync"), source, target("rsync"))]
        for tool in beside(asked.peers) if number == 1 else []:
            tools.append(tool(stage, os.path.join(folder, tool.__name__), source,
                              target(tool.__name__)))
        for step, table in enumerate(tables):
            alter(stage, source, size, step)
            stage.settle()
            run = stage.run(["cp", os.path.join(source, "large"), os.path.join(folder, "copy")])
            if counts:
                table.add("floor: cp", run, "floor")
            measure_each(stage, tools, number, source, table)
        for tool in tools:
            tool.down()
        shutil.rmtree(folder)


def alter(stage, source, size, step):
    name = os.path.join(source, "large")
    stage.tool("sh", "-c", [
        f"head -c {size}M /dev/urandom > {name}",
        f"dd if=/dev/urandom of={name} bs=1M count=1 conv=notrunc seek={size // 2} status=none",
        f"(printf x; cat {name}) > {name}.new && mv {name}.new {name}"][step])


def starting(stage, asked):
    """W8: how long a command takes that does nothing, and what a daemon costs that waits."""
    table = Table("W8", "W8 start-up")
    commands = [("true", "floor"), ("rsync --version", "peer"), ("csync2 -?", "peer"),
                ("unison -version", "peer"), ("syncthing --version", "peer")]
    for number in range(21):
        for command, kind in commands:
            words = command.split()
            wanted = words[0] in ["true", "rsync", *asked.peers]
            if wanted and shutil.which(words[0]):
                run = stage.run(words, accept=(0, 1, 2))
                if number:
                    table.add(command if kind == "peer" else "floor: " + command, run, kind)
        run = stage.run([asked.binary, "--version"])
        if number:
            table.add("concord --version", run)
    waiting(stage, asked)


def waiting(stage, asked, seconds=20):
    size, folder, source = asked.idle, stage.path("idle"), stage.path("idle-source")
    make_tree(stage, source, size)
    target = os.path.join(folder, "b")
    os.makedirs(target)
    concord = Concord(stage, asked.binary, os.path.join(folder, "concord"), source, [target])
    concord.up()
    say(f"a daemon at rest, {size} files")
    first = concord.sync()
    if first.trouble:
        say(f"the daemon at rest is not measured: {first.trouble}")
        concord.down()
        return
    after = concord.daemons[0].memory("VmRSS")
    concord.down()
    # As it is after a start, with all of it in its state.
    concord.up()
    concord.sync()
    daemon = concord.daemons[0]
    before = daemon.cpu()
    time.sleep(seconds)
    Table.closing.append(
        f"\n### W8 a daemon at rest, {size} files in its state\n\n"
        f"| after the first sync | after a start and a sync that found nothing | goal "
        f"| cpu in {seconds} s |\n|---|---|---|---|\n| {after / 1024:.1f} MiB "
        f"| {daemon.memory('VmRSS') / 1024:.1f} MiB | 12 MiB | {daemon.cpu() - before:.2f} s |")
    concord.down()
