"""Trees of small files, and what is changed in them."""
import os, random


def make_tree(stage, root, count):
    """`count` files of 10 to 4096 bytes; the same count gives the same tree."""
    stage.tool(stage.program("tree"), root, str(count))


def content(dice, size):
    """Half of it can be compressed."""
    out = bytearray()
    while len(out) < size:
        out += dice.randbytes(64) + bytes([dice.randrange(97, 123)]) * 64
    return bytes(out[:size])


def rewrite(root, count, total, seed):
    """Changes the content of `count` files out of `total`, spread over the tree."""
    dice = random.Random(seed)
    names = []
    for index in range(count):
        number = index * total // count
        name = os.path.join(
            root, f"directory-{number // 100:06}", f"some-file-name-{number:09}.txt")
        with open(name, "wb") as file:
            file.write(content(dice, 10 + dice.randrange(1300)))
        names.append(name)
    return names
