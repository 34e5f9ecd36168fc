"""Reads what concord writes, knowing the formats and nothing of concord's code.

usage: read.py FORMAT COMMAND < output

Ends with 1 and a reason if the input is not what the format demands. Else one JSON array: for each
finding what it is about (the bytes of its path in hexadecimal, or null) and what else was read.
"""

import base64
import html
import html.parser
import json
import os
import re
import sys
import urllib.parse
import xml.etree.ElementTree as etree

import jsonschema

SCHEMAS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Schemas")


def need(condition, *words):
    if not condition:
        sys.exit("not well-formed: " + " ".join(repr(word) for word in words))


def schema(name, part=None):
    with open(os.path.join(SCHEMAS, name + ".json"), encoding="utf-8") as file:
        whole = json.load(file)
    jsonschema.Draft7Validator.check_schema(whole)
    if part:
        whole = {"definitions": whole["definitions"], "$ref": "#/definitions/" + part}
    return jsonschema.Draft7Validator(whole)


def once(pairs):
    keys = [key for key, _ in pairs]
    need(len(keys) == len(set(keys)), "a key stands twice", keys)
    return dict(pairs)


def parse(text):
    return json.loads(text, object_pairs_hook=once)


def path_of(record):
    if "path" not in record:
        return None
    if "path_b64" in record:
        return base64.b64decode(record["path_b64"], validate=True)
    return record["path"].encode()


def unescaped(text):
    """The bytes that an escaped name stands for."""
    out, rest = b"", text
    simple = {"n": b"\n", "r": b"\r", "t": b"\t", "\\": b"\\"}
    while rest:
        if rest[0] != "\\":
            out, rest = out + rest[0].encode(), rest[1:]
        elif rest[1] == "x":
            out, rest = out + bytes([int(rest[2:4], 16)]), rest[4:]
        else:
            need(rest[1] in simple, "escape", rest)
            out, rest = out + simple[rest[1]], rest[2:]
    return out


def finding(path, **more):
    return dict(more, path=None if path is None else path.hex())


def read_json(text, command):
    document = parse(text)
    schema(command).validate(document)
    need(text.count("\n") == 1 and text.endswith("\n"), "one line")
    key = {"conflicts": "conflicts", "verify": "differences", "status": "problems"}[command]
    return [finding(path_of(item), kind=item.get("kind")) for item in document[key]]


def read_ndjson(text, command):
    need(text.endswith("\n"), "last line end")
    lines = [parse(line) for line in text[:-1].split("\n")]
    schema(command, "header").validate(lines[0])
    records = schema(command, "record")
    for line in lines[1:]:
        records.validate(line)
    return [
        finding(path_of(line), kind=line.get("kind"), type=line["type"]) for line in lines[1:]
    ]


def read_junit(text, command):
    """As Jenkins and the Ant task describe it."""
    root = etree.fromstring(text.encode())
    need(root.tag == "testsuites", root.tag)
    cases = []
    for suite in root:
        need(suite.tag == "testsuite", suite.tag)
        need(
            set(suite.attrib)
            == {"name", "tests", "failures", "errors", "skipped", "time", "timestamp", "hostname"},
            suite.attrib,
        )
        stamp = suite.get("timestamp")
        need(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", stamp), stamp)
        for case in suite:
            need(case.tag == "testcase", case.tag)
            need(set(case.attrib) == {"classname", "name", "time"}, case.attrib)
            need(len(case) <= 1, "children")
            for child in case:
                need(child.tag == "failure", child.tag)
                need(set(child.attrib) == {"type", "message"}, child.attrib)
                need(child.text.startswith(child.get("message")), child.text)
            cases.append(case)
    need(cases, "no test case")
    counted = {"tests": len(cases), "failures": sum(len(case) for case in cases), "errors": 0}
    for element in [root] + list(root):
        need({key: int(element.get(key)) for key in counted} == counted, element.attrib)
    return [
        finding(
            unescaped(case.get("name")) if case.get("name").startswith("/") else None,
            name=case.get("name"),
            group=case.get("classname"),
            kind=case[0].get("type") if len(case) else None,
        )
        for case in cases
    ]


def read_sarif(text, command):
    log = parse(text)
    schema("sarif").validate(log)
    run = log["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    need(len({rule["id"] for rule in rules}) == len(rules), "rule ids")
    bases = run["originalUriBaseIds"]
    out = []
    for result in run["results"]:
        need(rules[result["ruleIndex"]]["id"] == result["ruleId"], "ruleIndex", result)
        path = relative = None
        for location in result["locations"]:
            artifact = location.get("physicalLocation", {}).get("artifactLocation")
            if artifact:
                relative = artifact["uri"]
                base = bases[artifact["uriBaseId"]]["uri"] if "uriBaseId" in artifact else ""
                need(not base or base.endswith("/"), "base", base)
                parts = urllib.parse.urlsplit(urllib.parse.urljoin(base, relative))
                need(parts.scheme == "file" and not parts.query and not parts.fragment, parts)
                path = urllib.parse.unquote_to_bytes(parts.path)
        message = re.sub(r"\{\{|\}\}", lambda braces: braces.group()[0], result["message"]["text"])
        need(not re.search(r"(?<!\{)\{\d+\}(?!\})", result["message"]["text"]), message)
        out.append(
            finding(
                path,
                kind=result["ruleId"].split("/", 1)[1],
                uri=relative,
                message=message,
                fingerprints=result["partialFingerprints"],
            )
        )
    return out


def read_github(text, command):
    """The grammar of workflow commands, as the runner takes them apart."""
    out = []
    need(text == "" or text.endswith("\n"), "last line end")
    for line in text.split("\n")[:-1]:
        match = re.fullmatch(r"::(error|warning|notice) ([^:]*)::(.*)", line)
        need(match, line)
        need(not re.search(r"[\x00-\x1f\x7f-\x9f]", line), "control character", line)
        properties = {}
        for pair in match.group(2).split(","):
            key, equals, value = pair.partition("=")
            need(equals and key in ("file", "line", "endLine", "title"), pair)
            need(key not in properties, "twice", key)
            for code, character in (("3A", ":"), ("2C", ","), ("0A", "\n"), ("0D", "\r")):
                value = value.replace("%" + code, character)
            properties[key] = value.replace("%25", "%")
        data = match.group(3)
        for code, character in (("0A", "\n"), ("0D", "\r")):
            data = data.replace("%" + code, character)
        out.append(
            finding(
                properties["file"].encode() if "file" in properties else None,
                level=match.group(1),
                kind=properties["title"].split(" ", 1)[1],
                message=data.replace("%25", "%"),
            )
        )
    return out


def plain_markdown(cell):
    """What a cell says; its only tags are code and br."""
    out, rest = "", cell
    while rest:
        tag = re.match(r"</?code>|<br>", rest)
        entity = re.match(r"&(#\d+|[a-z]+);", rest)
        if tag:
            out, rest = out + ("\n" if tag.group() == "<br>" else ""), rest[tag.end():]
        elif entity:
            out, rest = out + html.unescape(entity.group()), rest[entity.end():]
        elif rest[0] == "\\":
            need(re.match(r"\\[!-/:-@\[-`{-~]", rest), "escape", rest)
            out, rest = out + rest[1], rest[2:]
        else:
            need(rest[0] not in "<>&`*[]@#|", "markup", rest)
            out, rest = out + rest[0], rest[1:]
    return out


def read_markdown(text, command):
    need(text.endswith("\n"), "last line end")
    lines = text[:-1].split("\n")
    need(lines[0].startswith("### "), lines[0])
    if len(lines) == 1:
        return []
    need(lines[1] == "", lines[1])
    need(set(lines[3]) == set("|-"), lines[3])
    out = []
    for number, line in enumerate(lines[2:]):
        cells = re.split(r"(?<!\\)\|", line)
        need(len(cells) == 7 and cells[0] == cells[-1] == "", "cells", line)
        if number > 1:
            name = plain_markdown(cells[4].strip(" "))
            need(cells[4].startswith(" <code>") and cells[4].endswith("</code> "), cells[4])
            kind = plain_markdown(cells[2].strip()).split(" ", 1)[1]
            path = unescaped(name) if name.startswith("/") else None
            out.append(finding(path, kind=kind, message=plain_markdown(cells[5].strip())))
    return out


class Page(html.parser.HTMLParser):
    void = {"meta", "br"}
    known = {"html", "head", "meta", "title", "style", "body", "h1", "p", "table", "thead",
             "tbody", "tr", "th", "td", "code", "br"}

    def __init__(self):
        super().__init__()
        self.open, self.rows, self.titles = [], [], 0

    def handle_starttag(self, tag, attributes):
        need(tag in self.known, "tag", tag)
        for key, _ in attributes:
            need(not key.startswith("on") and key not in ("src", "href"), key)
        if tag == "tr":
            self.rows.append([])
        if tag == "td":
            self.rows[-1].append("")
        if tag == "br" and "td" in self.open:
            self.rows[-1][-1] += "\n"
        if tag not in self.void:
            self.open.append(tag)

    def handle_endtag(self, tag):
        need(self.open and self.open.pop() == tag, "end of", tag)

    def handle_data(self, data):
        if "td" in self.open:
            self.rows[-1][-1] += data
        else:
            need("tr" not in self.open or "th" in self.open, "text between cells", data)


def read_html(text, command):
    need(text.startswith("<!DOCTYPE html>\n"), text[:20])
    page = Page()
    page.feed(text)
    page.close()
    need(not page.open, "left open", page.open)
    out = []
    for row in page.rows:
        if not row:
            continue
        need(len(row) == 4, row)
        path = unescaped(row[2]) if row[2].startswith("/") else None
        out.append(finding(path, kind=row[0].split(" ", 1)[1], message=row[3]))
    return out


if __name__ == "__main__":
    form, command = sys.argv[1:]
    given = sys.stdin.buffer.read()
    text = given.decode("utf-8", "strict")
    found = re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    need(not found, "control character", found and text[found.start() - 20:found.end() + 20])
    print(json.dumps(globals()["read_" + form](text, command)))
