"""Runs a command at a terminal of its own and prints what the terminal was sent.

usage: terminal.py COMMAND...
"""

import os
import pty
import subprocess
import sys

leader, follower = pty.openpty()
child = subprocess.Popen(sys.argv[1:], stdin=follower, stdout=follower, stderr=follower)
os.close(follower)
sent = b""
while True:
    try:
        piece = os.read(leader, 65536)
    except OSError:
        break
    if not piece:
        break
    sent += piece
sys.stdout.buffer.write(sent)
sys.stdout.flush()
sys.exit(child.wait())
