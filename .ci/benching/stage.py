"""Where it is measured: a file system and a network of our own, commands and daemons on them."""
import os, shutil, signal, socket, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAMS = ["scan2", "hash2", "index2", "meter", "compare", "tree", "link", "wire"]
COMPILER = next(filter(shutil.which, ("cc", "clang", "gcc")), "cc")
NETWORK = ["unshare", "-n", "-m", "-p", "--fork", "--mount-proc", "--kill-child"]


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def enter(words):
    """Starts this program again among namespaces of its own: when it ends, however it ends, no
    process and no mount of it is left, and all bytes of the loopback device are its own."""
    if os.environ.get("BENCH_INSIDE"):
        del os.environ["BENCH_INSIDE"]
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        subprocess.run(["mount", "--make-rprivate", "/"], check=True)
        return
    os.environ["BENCH_INSIDE"] = "1"
    os.execvp(NETWORK[0], NETWORK + [sys.executable] + words)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Run:
    """What one run of one tool took; `trouble` says why it does not count."""

    def __init__(self):
        self.seconds = self.cpu = self.wire = 0
        self.memory = self.peer = 0
        self.output = self.trouble = ""

    def plus(self, other):
        both = Run()
        both.seconds, both.cpu = self.seconds + other.seconds, self.cpu + other.cpu
        both.wire = self.wire + other.wire
        both.memory, both.peer = max(self.memory, other.memory), max(self.peer, other.peer)
        both.output, both.trouble = other.output, self.trouble or other.trouble
        return both


class Daemon:
    """A process that answers. With `metered`, what its children took is known at its end only."""

    def __init__(self, stage, words, env=None, network=None, metered=False):
        self.stage, self.result = stage, stage.scratch("daemon") if metered else None
        words = ([stage.program("meter"), self.result] if metered else []) + words
        if network:
            words = ["nsenter", f"--net=/proc/{network}/ns/net"] + words
        with open(os.path.join(stage.root, "daemon.log"), "ab") as log:
            self.process = subprocess.Popen(
                words, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True)
        self.pid = self.process.pid
        stage.daemons.append(self)

    def wait(self, address, port):
        for _ in range(400):
            with socket.socket() as probe:
                if probe.connect_ex((address, port)) == 0:
                    return self
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise SystemExit(f"bench: nobody listens on port {port}; see daemon.log")

    def cpu(self):
        with open(f"/proc/{self.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return sum(int(field) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK")

    def forget_peak(self):
        with open(f"/proc/{self.pid}/clear_refs", "w") as file:
            file.write("5")

    def memory(self, field="VmHWM"):
        with open(f"/proc/{self.pid}/status") as file:
            return int(([line.split()[1] for line in file if line.startswith(field)] or [0])[0])

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.pid, signal.SIGKILL)
            self.process.wait()
        try:
            # Who was answering a caller that gave up.
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        if self in self.stage.daemons:
            self.stage.daemons.remove(self)

    def took(self):
        """Of a metered one, after `stop`: cpu seconds and peak memory, children included."""
        with open(self.result) as file:
            words = (file.read() or "0 0 0 0").split()
        return float(words[1]), int(words[2])


class Stage:
    """A journalled file system of our own, mounted where nobody else sees it."""

    def __init__(self, gigabytes, limit):
        self.limit, self.daemons, self.serial = limit, [], 0
        self.root = tempfile.mkdtemp(prefix="concord-bench.", dir=os.environ.get("TMPDIR", "/tmp"))
        free = shutil.disk_usage(self.root).free >> 30
        if gigabytes > free:
            say(f"an image of {gigabytes} GiB may not fit: {free} GiB are free")
        image = self.root + ".image"
        with open(image, "wb") as file:
            file.truncate(gigabytes << 30)
        make = ["mkfs.ext4", "-q", "-F", "-i", "4096", "-E", "lazy_itable_init=0", image]
        mount = ["mount", "-o", "loop", image, self.root]
        mounted = all(subprocess.run(step).returncode == 0 for step in (make, mount))
        # What has no name any more goes with its last user.
        os.unlink(image)
        os.chmod(self.root, 0o755)
        say("on " + ("a journalled ext4 image" if mounted else "the file system of " + self.root))
        os.mkdir(self.path("programs"))
        for name in PROGRAMS:
            source = os.path.join(HERE, "../floors", name + ".c")
            subprocess.run(
                [COMPILER, "-O2", "-pthread", "-o", self.program(name), source, "-lm"], check=True)

    def path(self, *parts):
        return os.path.join(self.root, *parts)

    def program(self, name):
        return self.path("programs", name)

    def scratch(self, what):
        self.serial += 1
        return self.path(f"{what}.{self.serial}")

    def run(self, words, env=None, daemons=(), device="lo", accept=(0,)):
        """Runs a command under the meter, and says what it and these daemons took."""
        result, out = Run(), self.scratch("result")
        before = [daemon.cpu() for daemon in daemons]
        for daemon in daemons:
            daemon.forget_peak()
        wire = bytes_on(device)
        process = subprocess.Popen(
            [self.program("meter"), out] + words, env=env, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            output, _ = process.communicate(timeout=self.limit)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            result.trouble = f"gave up after {self.limit} s"
            return result
        with open(out) as file:
            wall, cpu, memory, status = file.read().split()
        os.unlink(out)
        result.output = output.decode("utf-8", "replace")
        result.seconds, result.memory = float(wall), int(memory)
        result.wire = bytes_on(device) - wire
        result.cpu = float(cpu) + sum(d.cpu() for d in daemons) - sum(before)
        result.peer = max((daemon.memory() for daemon in daemons), default=0)
        if int(status) not in accept:
            last = (result.output.strip().splitlines() or [""])[-1][:100]
            result.trouble = f"failed, status {status}: {last}"
            say(f"{' '.join(words)[:200]}: {result.trouble}")
        return result

    def tool(self, *words):
        """Something that has to work and is not measured."""
        done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        if done.returncode:
            said = done.stdout.decode("utf-8", "replace")
            raise SystemExit(f"bench: {' '.join(words)}: status {done.returncode}: {said[-500:]}")
        return done.stdout.decode("utf-8", "replace")

    def settle(self):
        """Time stamps close to a look prove nothing; and the disk comes to rest."""
        os.sync()
        time.sleep(0.1)

    def differs(self, one, other):
        """In what the second tree is not the first; nothing if it is the same."""
        return self.tool(self.program("compare"), one, other).strip().lstrip(", ")

    def clear(self):
        for daemon in list(self.daemons):
            daemon.stop()
        subprocess.run(["umount", "-l", self.root], check=False)
        os.rmdir(self.root)


def bytes_on(device):
    """Bytes that have passed a device, packets with their headers; on loopback each counts once."""
    with open("/proc/net/dev") as file:
        for line in file:
            name, _, rest = line.partition(":")
            if name.strip() == device:
                fields = rest.split()
                return int(fields[0]) + (0 if device == "lo" else int(fields[8]))
    return 0


class Line:
    """The network that this process is in and another one, with a delay between the two."""

    near, far, device = "10.99.0.1", "10.99.0.2", "near"

    def __init__(self, stage, milliseconds):
        self.process = subprocess.Popen(
            [stage.program("link"), str(milliseconds // 2)], stdout=subprocess.PIPE,
            start_new_session=True)
        words = self.process.stdout.readline().split()
        self.pid = int(words[1]) if words else None

    def clear(self):
        self.process.kill()
        self.process.wait()
