"""Tools that do the same work one after the other, and what their trees are like then."""


def in_turn(tools, number):
    """The tools, each round beginning with another."""
    at = number % len(tools) if tools else 0
    return tools[at:] + tools[:at]


def durably(stage, tool, run, names=()):
    """The same run and what it takes to have its result on the disk, for who does not see to that:
    a name and a run, or nothing."""
    if run.trouble or names or not getattr(tool, "leaves_it_to_the_kernel", False):
        return None
    return tool.name + ", then sync -f", run.plus(stage.run(["sync", "-f", tool.target]))


def measure_each(stage, tools, number, source, table):
    """A sync of each tool; the round with number 0 does not count. Who fails takes no further part."""
    for tool in in_turn(tools, number):
        stage.settle()
        run = tool.sync()
        after = durably(stage, tool, run)
        if number or run.trouble:
            wrong = "" if run.trouble else stage.differs(source, tool.target)
            table.add(tool.name, run, tool.kind, f"not carried: {wrong}" if wrong else "")
            if after:
                table.add(*after, "peer")
        if run.trouble:
            tool.down()
            tools.remove(tool)
