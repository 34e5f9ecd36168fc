"""Concord and who is measured beside it. Each knows how to bring one tree to another place.

`sync(*names)` is one run; with names, of these paths only, where a tool can do that. A tool that is
`slow` takes part in few rounds, and only with trees that are not large.
"""
import os, time

from benching.stage import Daemon, free_port


class Place:
    """Both ends on loopback, or the other one at the far end of a line with a delay."""

    def __init__(self, line=None):
        self.line = line
        self.near, self.far = (line.near, line.far) if line else ("127.0.0.1", "127.0.0.1")
        self.device, self.network = (line.device, line.pid) if line else ("lo", None)


class Concord:
    name, kind, slow, target = "concord sync", "tool", False, None
    can_name = True

    def __init__(self, stage, binary, folder, source, targets, place=Place()):
        self.stage, self.binary, self.folder, self.place = stage, binary, folder, place
        os.makedirs(folder)
        self.target = targets[0]
        peers = {f"b{number}": path for number, path in enumerate(targets)}
        self.ports = {host: free_port() for host in ["a", *peers]}
        key = os.path.join(folder, "key")
        stage.tool(binary, "keygen", key)
        where = " ".join(f"on {host}: {path};" for host, path in [("a", source), *peers.items()])
        hosts = " ".join(f"{host}@{place.near if host == 'a' else place.far}:{port}"
                         for host, port in self.ports.items())
        self.config = os.path.join(folder, "concord.cfg")
        with open(self.config, "w") as file:
            file.write(f"prefix root {{ {where} }}\n"
                       f"group g {{ host {hosts};\n  key {key}; include %root%; }}\n")
        self.daemons, self.peers = [], list(peers)

    def env(self, host):
        state = os.path.join(self.folder, "state-" + host)
        os.makedirs(state, 0o700, exist_ok=True)
        return dict(os.environ, CONCORD_CONFIG=self.config, CONCORD_STATE=state,
                    CONCORD_HOSTNAME=host)

    def up(self):
        for host in self.peers:
            daemon = Daemon(self.stage, [self.binary, "serve"], self.env(host),
                            self.place.network)
            self.daemons.append(daemon.wait(self.place.far, self.ports[host]))

    def down(self):
        for daemon in self.daemons:
            daemon.stop()
        self.daemons = []

    def scan(self):
        return self.stage.run([self.binary, "scan"], self.env("a"))

    def sync(self, *names):
        return self.stage.run([self.binary, "sync", *names], self.env("a"), self.daemons,
                              self.place.device)

    def state(self):
        """Bytes of what is kept about the tree on this side."""
        return os.path.getsize(os.path.join(self.folder, "state-a", "state.db"))


class Metered:
    """Who answers with a process for each caller: started anew for each run, so that all its
    children count."""

    slow, kind, daemons = False, "peer", ()

    def up(self):
        pass

    def down(self):
        pass

    def answered(self, words, env=None):
        daemon = self.answer()
        result = self.stage.run(words, env, device=self.place.device)
        time.sleep(0.05)
        daemon.stop()
        cpu, result.peer = daemon.took()
        result.cpu += cpu
        return result


class Rsync(Metered):
    name, can_name = "rsync -aAX, daemon", True
    leaves_it_to_the_kernel = True

    def __init__(self, stage, folder, source, target, place=Place()):
        self.stage, self.source, self.target, self.place = stage, source, target, place
        self.port = free_port()
        os.makedirs(folder)
        self.config = os.path.join(folder, "rsyncd.conf")
        with open(self.config, "w") as file:
            file.write(f"port = {self.port}\naddress = {place.far}\nuse chroot = no\nuid = 0\n"
                       f"gid = 0\n[t]\n  path = {target}\n  read only = no\n")

    def answer(self):
        words = ["rsync", "--daemon", "--no-detach", "--config", self.config]
        daemon = Daemon(self.stage, words, network=self.place.network, metered=True)
        return daemon.wait(self.place.far, self.port)

    def sync(self, *names):
        from_where = [os.path.join(self.source, ".", os.path.relpath(name, self.source))
                      for name in names] or [self.source + "/"]
        how = ["-R"] if names else ["--delete"]
        return self.answered(["rsync", "-aAX", *how, *from_where,
                              f"rsync://{self.place.far}:{self.port}/t/"])


class Csync2(Metered):
    """Without TLS, in its usual mode. It finds hosts by name: /etc/hosts is our own here."""

    name, slow, can_name = "csync2 -x, no TLS", True, True
    port = 30865

    def __init__(self, stage, folder, source, target, place=Place()):
        self.stage, self.target, self.place = stage, target, place
        self.folder = folder
        os.makedirs(folder)
        key = os.path.join(folder, "key")
        with open(key, "w") as file:
            file.write("k" * 64 + "\n")
        with open(os.path.join(folder, "csync2.cfg"), "w") as file:
            file.write(f"nossl * *;\nprefix root {{ on n1: {source}; on n2: {target}; }}\n"
                       f"group g {{ host n1 n2; key {key}; include %root%; auto younger; }}\n")
        hosts = os.path.join(folder, "hosts")
        with open(hosts, "w") as file:
            file.write("127.0.0.1 localhost n1\n127.0.0.2 n2\n")
        stage.tool("mount", "--bind", hosts, "/etc/hosts")
        for name in ("n1", "n2"):
            os.mkdir(os.path.join(folder, name))
        self.env = dict(os.environ, CSYNC2_SYSTEM_DIR=folder)

    def words(self, host, *more):
        return ["csync2", "-N", host, "-D", os.path.join(self.folder, host), *more]

    def answer(self):
        daemon = Daemon(self.stage, self.words("n2", "-ii"), self.env, metered=True)
        return daemon.wait("127.0.0.2", self.port)

    def sync(self, *names):
        if not names:
            return self.answered(self.words("n1", "-x"), self.env)
        check, update = (" ".join(self.words("n1", *more)) for more in (["-c", *names], ["-u"]))
        return self.answered(["sh", "-c", f"{check}; {update}"], self.env)

    def down(self):
        self.stage.tool("umount", "/etc/hosts")


class Unison(Metered):
    name, slow, can_name = "unison, socket", True, True

    def __init__(self, stage, folder, source, target, place=Place()):
        self.stage, self.source, self.target, self.place = stage, source, target, place
        self.port, self.folder = free_port(), folder
        for name in ("near", "far"):
            os.makedirs(os.path.join(folder, name))

    def env(self, side):
        return dict(os.environ, UNISON=os.path.join(self.folder, side))

    def answer(self):
        daemon = Daemon(self.stage, ["unison", "-socket", str(self.port)], self.env("far"),
                        self.place.network, metered=True)
        # A touch would be a connection, and it takes one after the other.
        time.sleep(0.3)
        return daemon

    def sync(self, *names):
        paths = [word for name in names for word in ("-path", os.path.relpath(name, self.source))]
        return self.answered(
            ["unison", self.source, f"socket://{self.place.far}:{self.port}/{self.target}",
             "-batch", "-silent", "-times", "-owner", "-group", "-perms", "-1", "-numericids",
             "-fastcheck", "true", "-force", self.source, "-confirmbigdel=false", *paths],
            self.env("near"))
