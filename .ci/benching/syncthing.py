"""syncthing, told to look by its interface instead of by a watcher or a clock."""
import json, os, time, urllib.error, urllib.request

from benching.stage import Daemon, Run, bytes_on, free_port
from benching.tools import Place

OPTIONS = """
    <globalAnnounceEnabled>false</globalAnnounceEnabled>
    <localAnnounceEnabled>false</localAnnounceEnabled>
    <relaysEnabled>false</relaysEnabled>
    <natEnabled>false</natEnabled>
    <urAccepted>-1</urAccepted>
    <autoUpgradeIntervalH>0</autoUpgradeIntervalH>
    <crashReportingEnabled>false</crashReportingEnabled>
    <startBrowser>false</startBrowser>
    <reconnectionIntervalS>1</reconnectionIntervalS>"""


class Syncthing:
    name, kind, slow, can_name = "syncthing, told to look", "peer", True, False

    def __init__(self, stage, folder, source, target, place=Place()):
        self.stage, self.folder, self.target = stage, folder, target
        self.roots = {"near": source, "far": target}
        self.address = {"near": place.near, "far": place.far}
        self.place, self.daemons, self.ids = place, {}, {}
        self.doors = {side: (free_port(), free_port()) for side in self.roots}
        for side in self.roots:
            home = os.path.join(folder, side)
            stage.tool("syncthing", "generate", "--home", home, "--no-default-folder")
            self.ids[side] = stage.tool("syncthing", "--home", home, "--device-id").split()[-1]
        for side in self.roots:
            self.configure(side)

    def configure(self, side):
        talk, rest = self.doors[side]
        devices = "".join(
            f'<device id="{self.ids[other]}" name="{other}" compression="metadata"><address>'
            f"{self.dialled(side, other)}</address></device>"
            for other in self.roots)
        members = "".join(f'<device id="{one}"/>' for one in self.ids.values())
        with open(os.path.join(self.folder, side, "config.xml"), "w") as file:
            file.write(
                f'<configuration version="35">\n  <folder id="f" label="f" '
                f'path="{self.roots[side]}" type="sendreceive" rescanIntervalS="0" '
                f'fsWatcherEnabled="false">{members}'
                f"<markerName>.</markerName></folder>\n  {devices}\n"
                f'  <gui enabled="true"><address>{self.address[side]}:{rest}</address>'
                f"<apikey>key</apikey></gui>\n  <options><listenAddress>"
                f"tcp://{self.address[side]}:{talk}</listenAddress>{OPTIONS}</options>\n"
                f"</configuration>\n")

    def dialled(self, side, other):
        """Only the near end calls: both at once from their own ports is no connection."""
        if side == "far":
            return "dynamic"
        return f"tcp://{self.address[other]}:{self.doors[other][0]}"

    def ask(self, side, path, method="GET"):
        request = urllib.request.Request(
            f"http://{self.address[side]}:{self.doors[side][1]}/rest/{path}", method=method,
            headers={"X-API-Key": "key"})
        with urllib.request.urlopen(request, timeout=self.stage.limit) as answer:
            return answer.read()

    def up(self):
        pass

    def start(self, limit):
        for side in self.roots:
            env = dict(os.environ, STNOUPGRADE="1", STMONITORED="1", HOME=self.folder)
            words = ["syncthing", "serve", "--home", os.path.join(self.folder, side),
                     "--no-browser", "--no-restart", "--logfile=-"]
            network = self.place.network if side == "far" else None
            self.daemons[side] = Daemon(self.stage, words, env, network)
        self.until(limit, lambda: self.is_met())

    def is_met(self):
        links = json.loads(self.ask("near", "system/connections"))["connections"]
        return links.get(self.ids["far"], {}).get("connected", False)

    def until(self, limit, ready):
        while time.monotonic() < limit:
            try:
                if ready():
                    return
            except (urllib.error.URLError, ConnectionError, ValueError):
                pass
            time.sleep(0.01)
        raise TimeoutError

    def has_all(self):
        """The near end knows of nothing that the far one lacks, and the far one says the same."""
        said = json.loads(self.ask("near", f"db/completion?folder=f&device={self.ids['far']}"))
        if said["needItems"] or said["needBytes"] or said["needDeletes"]:
            return False
        near, far = (json.loads(self.ask(side, "db/status?folder=f")) for side in self.roots)
        same = all(near[what] == far[what] for what in ("localFiles", "localBytes"))
        return same and far["needTotalItems"] == 0 and far["state"] == "idle"

    def sync(self):
        """The first run starts both ends, and waits until they have met."""
        result, start, wire = Run(), time.monotonic(), bytes_on(self.place.device)
        limit = start + self.stage.limit
        before = sum(daemon.cpu() for daemon in self.daemons.values())
        for daemon in self.daemons.values():
            daemon.forget_peak()
        try:
            if not self.daemons:
                self.start(limit)
            self.ask("near", "db/scan?folder=f", "POST")
            self.until(limit, self.has_all)
        except TimeoutError:
            result.trouble = f"gave up after {self.stage.limit} s"
        except OSError as error:
            result.trouble = f"failed: {error}"
        result.seconds, result.wire = time.monotonic() - start, bytes_on(self.place.device) - wire
        if self.daemons:
            result.cpu = sum(daemon.cpu() for daemon in self.daemons.values()) - before
            result.memory = self.daemons["near"].memory()
            result.peer = self.daemons["far"].memory()
        return result

    def down(self):
        for daemon in self.daemons.values():
            daemon.stop()
        self.daemons = {}
