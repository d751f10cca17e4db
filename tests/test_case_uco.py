"""The list for forensic tools: CASE's own validator takes it, and nothing of the person's story is in it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from evidence_case import FILES, WORDS, Memory, exhibit, log, resaved

from takeback import case_uco, custody, errors, evidence
from takeback.evidence import make

VALIDATE = Path(sys.executable).with_name("case_validate")
PLACES = {"AB/1": "data/exhibits/AB-1/AB-1.jpg", "AB/2": "data/exhibits/AB-2/AB-2.jpg"}
ANSWERS = {"answers": {"intimate": "yes"}, "unsure": []}


def events(exhibits):
    happened = [("opened", {}), ("answers", ANSWERS), ("words", {"words": WORDS})]
    return log([*happened, *(("exhibit", one.data()) for one in exhibits), ("withdrawn", {"ref": "AB/9"})])


EXHIBITS = [exhibit(ref, data) for ref, data in FILES.items()]
LOG = events(EXHIBITS)


def made(exhibits=EXHIBITS, known=LOG, places=PLACES, case="case1"):
    described = [make._described(places.get(one.ref), one) for one in exhibits]
    return case_uco.document(case, described, [make._line(custody.entry(link), event) for link, event in known])


def nodes(document, kind):
    return [one for one in json.loads(document)["@graph"] if one["@type"].endswith(f":{kind}")]


def validated(*paths):
    return subprocess.run([VALIDATE, *paths], capture_output=True, text=True, check=False, timeout=60)


def test_the_validator_of_case_takes_it_whole_and_empty(tmp_path):
    for name, document in (("whole", made()), ("empty", made([], [], {}, "case2"))):
        (tmp_path / f"{name}.jsonld").write_bytes(document)
    done = validated(tmp_path / "whole.jsonld", tmp_path / "empty.jsonld")
    assert done.returncode == 0, done.stdout
    assert "Conforms: True" in done.stdout


def test_the_validator_of_case_refuses_one_that_is_wrong(tmp_path):
    path = tmp_path / "case-uco.jsonld"
    path.write_bytes(made().replace(b'"xsd:hexBinary"', b'"xsd:date"').replace(b"xsd:dateTime", b"xsd:string"))
    done = validated(path)
    assert done.returncode == 1, done.stdout
    assert "Conforms: False" in done.stdout


def test_each_exhibit_has_its_size_and_both_hashes_and_its_place():
    for one, node in zip(EXHIBITS, nodes(made(), "ObservableObject"), strict=True):
        content, file = node["core:hasFacet"]
        assert node["core:name"] == one.ref
        assert content["observable:sizeInBytes"]["@value"] == str(one.size)
        hashes = {h["types:hashMethod"]: h["types:hashValue"]["@value"] for h in content["observable:hash"]}
        assert hashes == {"SHA256": one.sha256, "SHA512": one.sha512}
        assert file["observable:filePath"] == PLACES[one.ref]


def test_each_event_of_the_log_has_its_record_which_names_the_exhibit_and_the_link():
    document = made()
    records, actions = nodes(document, "ProvenanceRecord"), nodes(document, "InvestigativeAction")
    lines = [json.loads(line) for line in package(LOG)["data/custody.jsonl"].splitlines()]
    assert len(records) == len(actions) == len(lines) == len(LOG)
    known = {node["@id"]: node["core:name"] for node in nodes(document, "ObservableObject")}
    for line, record, action in zip(lines, records, actions, strict=True):
        assert record["core:description"].endswith(f"{line['what']}; link {line['link']}")
        assert action["action:result"] == [{"@id": record["@id"]}]
        assert action["action:startTime"]["@value"] == line["at"]
        about = [known[one["@id"]] for one in record.get("core:object", [])]
        assert about == ([line["about"]] if line["about"] in FILES else [])


def package(known, *, asked=True):
    chunks = [(one, [data]) for one, data in zip(EXHIBITS, FILES.values(), strict=True)]
    papers = evidence.Papers(b"", b"", case_uco=asked)
    at = known[-1][1].at
    whole = evidence.package(
        case="case1", exhibits=chunks, custody_log=known, addresses=[], papers=papers, made_at=at, software="t"
    )
    return {part.path: b"".join(part.chunks) for part in whole}


def test_a_file_that_was_left_out_has_no_place():
    files = [node["core:hasFacet"][1] for node in nodes(made(places={}), "ObservableObject")]
    assert all("observable:filePath" not in one for one in files)


def test_it_is_in_the_package_and_in_its_manifests_only_where_it_was_asked_for():
    whole = package(LOG)
    assert whole["data/case-uco.jsonld"] == made()
    assert b"  data/case-uco.jsonld\n" in whole["manifest-sha512.txt"]
    assert b"case_validate data/case-uco.jsonld" in whole["data/VERIFY.txt"]
    without = package(LOG, asked=False)
    assert "data/case-uco.jsonld" not in without
    assert b"case-uco" not in without["data/VERIFY.txt"]


@pytest.mark.parametrize(
    ("what", "instead"),
    [
        (EXHIBITS[0].sha256, EXHIBITS[1].sha256),
        ("data/exhibits/AB-1/AB-1.jpg", "data/exhibits/AB-2/AB-2.jpg"),
        ("InvestigativeAction", "InvestigativeReaction"),
        ("2025-11-24T12:03:00Z", "2025-11-24T12:02:00Z"),
        ("\n}\n", "\n}"),
    ],
    ids=["a hash", "a place", "a kind", "a time", "a last line"],
)
def test_a_forged_list_for_forensic_tools_is_named_though_all_sums_were_written_anew(what, instead):
    whole = package(LOG)
    assert evidence.verify(Memory(resaved(whole)))
    text = whole["data/case-uco.jsonld"]
    forged = resaved({**whole, "data/case-uco.jsonld": text.replace(what.encode(), instead.encode(), 1)})
    oxum = f"{sum(len(d) for p, d in forged.items() if p.startswith('data/'))}".encode()
    before = f"{sum(len(d) for p, d in whole.items() if p.startswith('data/'))}".encode()
    forged = resaved({**forged, "bag-info.txt": forged["bag-info.txt"].replace(before, oxum)})
    with pytest.raises(errors.PackageBroken) as broken:
        evidence.verify(Memory(forged))
    (one,) = broken.value.details
    assert (one.file, "exhibits.json and custody.jsonl" in one.what) == ("data/case-uco.jsonld", True)


def test_no_word_no_answer_no_origin_and_no_signal_is_in_it():
    text = made().decode().lower()
    for secret in (WORDS.lower(), "intimate", "sent to me on a chat", "pdq", "permit", "blob"):
        assert secret not in text


def test_a_name_that_is_no_text_is_kept_as_data():
    odd = exhibit("AB/1", b"x")
    object.__setattr__(odd, "original_name", 'a\udcff"},{.jpg')
    document = made([odd])
    assert nodes(document, "ObservableObject")[0]["core:hasFacet"][1]["observable:fileName"] == 'a\\udcff"},{.jpg'


def test_the_same_case_gives_the_same_bytes_and_every_name_is_its_own():
    assert made() == made()
    graph = json.loads(made())["@graph"]
    assert len({one["@id"] for one in graph}) == len(graph)
    assert {one["@id"] for one in graph}.isdisjoint(one["@id"] for one in json.loads(made(case="case2"))["@graph"])
