"""Floors that are made of other programs."""
import os


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
