"""Who is measured beside rsync, if it is here."""
import shutil

from benching.stage import say
from benching.syncthing import Syncthing
from benching.tools import Csync2, Unison

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
