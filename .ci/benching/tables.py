"""What was measured, as tables in Markdown."""
import statistics, sys

# What we want to reach on a machine of two cores: (workload, files, tool) -> seconds.
GOALS = {
    ("W1", 100_000, "concord scan"): 0.7,
    ("W2", 100_000, "concord scan"): 0.17,
    ("W2", 1_000_000, "concord scan"): 1.4,
    ("W3", 10_000, "concord sync"): 0.36,
    ("W3", 100_000, "concord sync"): 3.3,
    ("W4", 100_000, "concord sync"): 0.15,
    ("W4 given", 100_000, "concord sync FILE"): 0.008,
    ("W5 first", 1024, "concord sync"): 1.9,
    ("W5 middle", 1024, "concord sync"): 1.2,
    ("W5 front", 1024, "concord sync"): 1.5,
    ("W6", 10_000, "concord sync"): 0.08,
    ("W6", 100_000, "concord sync"): 0.35,
    ("W6 far", 10_000, "concord sync"): 0.45,
    ("W7", None, "concord sync"): 0.6,
    ("W8", None, "concord --version"): 0.006,
}


class Table:
    everything = []
    closing = []  # what is no table of runs

    def __init__(self, workload, title, size=None, note=""):
        self.workload, self.title, self.size, self.note = workload, title, size, note
        self.rows, self.order = {}, []
        Table.everything.append(self)

    def add(self, tool, run, kind="tool", note=""):
        if tool not in self.rows:
            self.rows[tool] = {"kind": kind, "notes": [], "seconds": [], "cpu": [], "memory": [],
                               "peer": [], "wire": []}
            self.order.append(tool)
        row = self.rows[tool]
        for text in (run.trouble, note):
            if text and text not in row["notes"]:
                row["notes"].append(text)
        if run.trouble:
            return
        for name in ("seconds", "cpu", "memory", "peer", "wire"):
            row[name].append(getattr(run, name))

    def median(self, tool):
        runs = self.rows.get(tool, {}).get("seconds")
        return statistics.median(runs) if runs else None

    def best(self, kind):
        found = [self.median(tool) for tool in self.order if self.rows[tool]["kind"] == kind]
        return min((median for median in found if median), default=None)

    def show(self):
        print(f"\n### {self.title}\n")
        if self.note:
            print(self.note + "\n")
        print("| tool | seconds, median (range) | cpu s | MiB | MiB, peer | kB on the wire "
              "| x floor | x best peer | goal | |")
        print("|---|---|---|---|---|---|---|---|---|---|")
        for tool in self.order:
            print("| " + " | ".join([tool] + self.cells(tool)) + " |")
        sys.stdout.flush()

    def cells(self, tool):
        row, median = self.rows[tool], self.median(tool)
        notes = "; ".join(row["notes"])
        if median is None:
            return ["-"] * 8 + [notes]
        runs = row["seconds"]
        factor = lambda other: f"{median / other:.2f}" if other else ""
        megabytes = lambda name: f"{max(row[name]) / 1024:.0f}" if max(row[name]) else ""
        wire = statistics.median(row["wire"])
        return [
            f"{median:.4f} ({min(runs):.4f}-{max(runs):.4f}) {len(runs)}",
            f"{statistics.median(row['cpu']):.3f}", megabytes("memory"), megabytes("peer"),
            f"{wire / 1000:.1f}" if wire else "", factor(self.best("floor")),
            factor(self.best("peer")), self.goal(tool, median), notes]

    def goal(self, tool, median):
        goal = GOALS.get((self.workload, self.size, tool))
        if goal is None:
            return ""
        return f"{goal} s: " + ("met" if median <= goal else f"x {median / goal:.1f}")


GROWING = [
    ("W1", "concord scan", "first index"),
    ("W2", "concord scan", "scan, nothing changed"),
    ("W2", "concord sync (both ends look)", "sync, nothing changed, both ends looking"),
    ("W3", "concord sync", "first sync"),
    ("W1", "look, sort, one file", "floor: look, sort, one file"),
    ("W2", "rsync -aAX, daemon", "rsync, nothing changed"),
    ("W3", "rsync -aAX, daemon", "rsync, first sync"),
]


def show_all():
    shown = [table for table in Table.everything if table.rows]
    for table in shown:
        table.show()
    for text in Table.closing:
        print(text)
    growth()
    sys.stdout.flush()
    return shown


def growth():
    """Microseconds a file at each size: what grows faster than the tree shows as a rising row."""
    sizes = sorted({table.size for table in Table.everything
                    if table.rows and table.workload in ("W1", "W2", "W3")})
    if len(sizes) < 2:
        return
    print("\n### How it grows: microseconds a file, medians\n")
    print("| | " + " | ".join(f"{size:,}".replace(",", " ") for size in sizes) + " |")
    print("|---|" + "---|" * len(sizes))
    for workload, tool, title in GROWING:
        cells = []
        for size in sizes:
            found = [table.median(tool) for table in Table.everything
                     if table.workload == workload and table.size == size]
            cells.append(f"{found[0] * 1e6 / size:.2f}" if found and found[0] else "")
        if any(cells):
            print(f"| {title} | " + " | ".join(cells) + " |")
