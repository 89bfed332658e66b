"""BibTeX: what is read, what is told to be wrong and where, and what is written."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pybtex.bibtex.utils import split_name_list
from pybtex.database.input.bibtex import Parser
from tests.linear import calls, grows

from mlwatch.core.bibnames import split_names
from mlwatch.core.bibtex import Bibliography, Record, entry_record, read
from mlwatch.core.problems import Code, Remark


def bib(text: str | bytes) -> Bibliography:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "refs.bib")
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read([path])


def one(text: str) -> Record:
    """Return the only record of *text*, in which nothing is wrong."""
    bibliography = bib(text)
    assert not bibliography.problems
    (record,) = bibliography.records.values()
    return record


def note(value: str) -> str:
    return one(f"@misc{{x, title = {{T}}, note = {{{value}}}}}").get("note")


def told(text: str) -> list[tuple[int, Code | Remark]]:
    return [(problem.line, problem.code) for problem in bib(text).problems]


def pybtex_keys(records: dict[str, Record]) -> list[str]:
    """Read the records' raw text with pybtex, which raises at the first thing it cannot read."""
    return list(Parser().parse_string("\n\n".join(record.raw for record in records.values())).entries)


TAN = """\
@InProceedings{tan2019efficientnet,
  author    = {Tan, Mingxing and Quoc V. Le},
  title     = {{EfficientNet}: Rethinking Model Scaling
               for {C}onvolutional Neural Networks},
  booktitle = "Proceedings of {ICML}",
  month = jun, year = 2019,
  eprint = {1905.11946}, archivePrefix = {arXiv},
}"""


class TestReading:
    def test_a_record_is_text_as_a_reader_sees_it(self):
        record = one(f"% remarks\n\n{TAN}\n")
        assert (record.key, record.type, record.line) == ("tan2019efficientnet", "inproceedings", 3)
        assert record.title == "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks"
        assert record.authors == ("Mingxing Tan", "Quoc V. Le")
        assert record.families == ("Tan", "Le")
        assert (record.venue, record.year, record.get("month")) == ("Proceedings of ICML", "2019", "June")
        assert record.url == "https://arxiv.org/abs/1905.11946"
        assert record.label == "Tan & Le 2019"
        assert record.raw == TAN
        assert record.reference == (
            "Mingxing Tan and Quoc V. Le. EfficientNet: Rethinking Model Scaling for Convolutional Neural "
            "Networks. Proceedings of ICML, 2019."
        )

    def test_records_keep_the_order_of_the_files(self, tmp_path):
        for number, name in enumerate(("b", "a")):
            (tmp_path / f"{number}.bib").write_text(f"@misc{{{name}, title={{T}}}}")
        assert list(read([tmp_path / "0.bib", tmp_path / "1.bib"]).records) == ["b", "a"]

    @pytest.mark.parametrize(
        "text",
        [
            '@misc(x, title = {T (1)}, note = "a {"} b")',
            "@misc{x, title = {T},}",
            "@MISC { x , TITLE={T} }",
            "@comment{jabref-meta: x;}\n@misc{x, title={T}}",
            "@comment nothing\n@misc{x, title={T}}",
            '@preamble{"\\newcommand{\\x}{y}" # {z}}\n@misc{x, title={T}}',
            "% title = {not a record}\n% }, \n@misc{x, title={T}}\n% number = {6},\n),",
            "\ufeff@misc{x,\r\n  title={T}\r\n}\r\n",
            "@misc{x, title={T}, abstract={mail me@example.org, and @you (too)}}",
            "@online{x, title={T}, date={2021-05}, urldate={2022-01-01}}",
            "@software{x, title={T}}",
        ],
    )
    def test_what_bibtex_allows_is_no_problem(self, text):
        assert one(text).title.startswith("T")

    def test_macros_are_put_in_and_the_raw_text_stands_alone(self):
        record = one(
            '@string{jmlr = "Journal of " # {ML} }\n@STRING(v = {vol. })\n'
            "@misc{x, title={T}, journal=JMLR, volume = v # 3, month = 1 # dec}"
        )
        assert record.venue == "Journal of ML"
        assert record.get("volume") == "vol. 3"
        assert record.get("month") == "1December"
        assert pybtex_keys({"x": record}) == ["x"]
        assert one(record.raw).fields == record.fields

    def test_a_crossref_gives_what_is_missing(self):
        records = bib(
            "@inproceedings{x, author={A B}, title={T}, crossref={P}}\n"
            "@proceedings{p, title={Proceedings of X}, year={2020}}"
        )
        assert not records.problems
        assert records.records["x"].reference == "A B. T. Proceedings of X, 2020."

    @pytest.mark.parametrize(
        ("latex", "text"),
        [
            (r"M\"{u}ller, Lu{\'\i}s, Jind{\v{r}}ich", "Müller, Luís, Jindřich"),
            (r"\c{C}\"{o}ltekin \u{g} {\.I} Erd{\H o}s \k{a} \v c \~n \=a", "Çöltekin ğ İ Erdős ą č ñ ā"),
            (r"Micha{\l} {\L}\'od\'z \O{}re \ss{} {\aa}", "Michał Łódź Øre ß å"),
            (r"d\textquotesingle Alch\'{e}-Buc", "d'Alché-Buc"),
            (r"R\&D 50\% \$5 \_ \# \{x\} a % b", "R&D 50% $5 _ # {x} a % b"),
            ("1--2 --- ``q'' a~b", "1–2 — “q” a b"),
            (r"\emph{x} {\em y} \textbf{z} \unknown{w}", "x y z w"),
            (r"\LaTeX{} and \TeX\ on $O(n^2)$, $\alpha$", "LaTeX and TeX on O(n^2), α"),
            (
                r"\url{https://a.example/x_y--z~1} \href{https://b.example}{here}",
                "https://a.example/x_y--z~1 here",
            ),
            (r"{\textasciitilde}x\textbackslash y \^{}", r"~x\y ^"),
        ],
    )
    def test_latex_becomes_text(self, latex, text):
        assert note(latex) == text

    @pytest.mark.parametrize(
        ("latex", "address"),
        [
            (r"https://a.example/x\_y\%20z--1~b", "https://a.example/x_y%20z--1~b"),
            (r"\url{https://a.example/{\textasciitilde}me}", "https://a.example/~me"),
            (r"https://a.example/$\sim$me\~{}", "https://a.example/~me~"),
            ("javascript:alert(1)", ""),
        ],
    )
    def test_addresses_are_kept_as_they_are_and_must_be_safe(self, latex, address):
        assert one(f"@misc{{x, title={{T}}, url={{{latex}}}}}").url == address

    @pytest.mark.parametrize(
        ("fields", "addresses"),
        [
            ("doi={10.1000/A\\_b}", ("https://doi.org/10.1000/a_b",)),
            ("doi={https://doi.org/10.1000/ab}", ("https://doi.org/10.1000/ab",)),
            ("eprint={2104.00298}, eprinttype={arxiv}", ("https://arxiv.org/abs/2104.00298",)),
            ("journal={arXiv preprint arXiv:2104.00298v2}", ("https://arxiv.org/abs/2104.00298",)),
            ("eprint={2104.00298}, eprinttype={hal}", ()),
            ("howpublished={\\url{https://a.example/}}", ("https://a.example/",)),
            (
                "url={https://a.example}, eprint={2104.00298}",
                ("https://a.example", "https://arxiv.org/abs/2104.00298"),
            ),
        ],
    )
    def test_the_addresses_of_a_work(self, fields, addresses):
        assert one(f"@misc{{x, title={{T}}, {fields}}}").addresses == addresses


class TestNames:
    @pytest.mark.parametrize(
        ("name", "author", "family"),
        [
            ("Ludwig van Beethoven", "Ludwig van Beethoven", "van Beethoven"),
            ("van der Walt, Stéfan J.", "Stéfan J. van der Walt", "van der Walt"),
            ("{van der Walt}, J.", "J. van der Walt", "van der Walt"),
            ("King, Jr., Martin Luther", "Martin Luther King Jr.", "King"),
            ("{Google and Partners, Inc.}", "Google and Partners, Inc.", "Google and Partners, Inc."),
            (r"Charles de la Vall{\'e}e Poussin", "Charles de la Vallée Poussin", "de la Vallée Poussin"),
            (r"{\L}ukasz Kaiser", "Łukasz Kaiser", "Kaiser"),
            ("Plato", "Plato", "Plato"),
        ],
    )
    def test_names_follow_bibtex(self, name, author, family):
        record = one(f"@misc{{x, title={{T}}, author={{{name}}}}}")
        assert (record.authors, record.families) == ((author,), (family,))

    @pytest.mark.parametrize(
        ("fields", "label"),
        [
            ("author={A Tan}, year=2021", "Tan 2021"),
            ("author={A Tan AND B Le}, date={2021-05-03}", "Tan & Le 2021"),
            ("author={A Dai and B Liu and C Le}, year=2021", "Dai et al. 2021"),
            ("author={A Dai and others}, year=2021", "Dai et al. 2021"),
            ("author={{Google}}, year=2020", "Google 2020"),
            ("editor={A Tan}, year=2020", "Tan 2020"),
            ("organization={Google}, year=2020", "Google 2020"),
            ("author={A Tan}", "Tan"),
            ("year=2020", "T 2020"),
        ],
    )
    def test_labels_are_author_and_year(self, fields, label):
        assert one(f"@misc{{x, title={{T}}, {fields}}}").label == label

    def test_references_name_editors_and_others(self):
        assert one("@misc{x, title={Why?}, editor={A B and C D}}").reference == "A B and C D (eds.). Why?"
        assert one("@misc{x, title={T}, author={A B and C D and others}}").reference == "A B, C D et al. T."

    def test_too_many_commas_are_told_and_kept_readable(self):
        bibliography = bib("@misc{x,\n title={T},\n author={Tan, M., Le, Q. and A B}}")
        (problem,) = bibliography.problems
        assert (problem.line, problem.code) == (3, Code.BIB_SYNTAX)
        assert 'write "and" between names' in problem.message
        assert bibliography.records["x"].authors == ("Tan, M., Le, Q.", "A B")
        assert pybtex_keys(bibliography.records) == ["x"]

    def test_an_empty_name_is_told(self):
        assert told("@misc{x, title={T}, author={A B and , and C D}}") == [(1, Code.BIB_FIELD)]


class TestProblems:
    @pytest.mark.parametrize(
        ("broken", "line", "words"),
        [
            ("@misc{x,\n title={T},\n note={a\n}", 1, "not closed before the record in line"),
            ("@misc{x,\n title={T\n", 2, "not closed"),
            ('@misc{x,\n title="T\n}', 3, "a } without a {"),
            ('@misc{x,\n title={T},\n note="a {b} c\n', 3, "not closed"),
            ("@misc{x,\n title={T}", 1, "add the missing }"),
            ("@misc{x\n", 1, "add the missing }"),
            ("@misc{\n title={T}\n}", 1, "no key"),
            ("@misc{, title={T}}", 1, "no key"),
            ("@misc{a key, title={T}}", 1, "a key has no spaces"),
            ("@misc{x, title={T} note}", 1, "is no field"),
            ("@misc{x,\n title=,\n}", 2, "has no value"),
            ("@misc{x,\n title={T}},\n note={a}\n}", 2, "} too many"),
            ("@misc{x, title={T}}\n note = {a}\n}", 2, "} too many"),
            ("misc{x, title={T}}", 1, "the @ before"),
            ("@misc x, title={T}", 1, "the { after the type"),
            ("% @misc{x, title={T}}", 1, "no % comments"),
            ("write to me@example.org", 1, "for the start of one"),
            ("@string{{x}}", 1, "@string has no name"),
            ("@string{x = {y}\n", 3, "a } is missing"),
            ("@misc{x, title={" + "{" * 200 + "}" * 200 + "}}", 1, "not closed"),
        ],
    )
    def test_reading_goes_on_at_the_next_record(self, broken, line, words):
        bibliography = bib(f"{broken}\n@misc{{next, title={{N}}}}\n@misc{{last, title={{}}}}")
        first, *_, last = bibliography.problems
        assert (first.line, first.code) == (line, Code.BIB_SYNTAX)
        assert words in first.message
        assert last.code is Code.BIB_FIELD
        assert list(bibliography.records)[-2:] == ["next", "last"]
        assert pybtex_keys(bibliography.records) == list(bibliography.records)

    def test_a_missing_comma_is_told_and_mended(self):
        bibliography = bib("@misc{x\n title={T}\n year=2020\n}")
        assert [problem.line for problem in bibliography.problems] == [1, 2]
        assert bibliography.records["x"].year == "2020"
        assert pybtex_keys(bibliography.records) == ["x"]

    def test_a_field_that_stands_twice_is_told_and_the_first_counts(self):
        bibliography = bib("@misc{x,\n title={T},\n title={U} # foo,\n year=2020}")
        assert (3, Code.BIB_REPEATED) in [(problem.line, problem.code) for problem in bibliography.problems]
        assert bibliography.records["x"].title == "T"
        assert pybtex_keys(bibliography.records) == ["x"]

    def test_an_unknown_macro_is_told_with_the_nearest(self):
        bibliography = bib("@string{icml = {ICML}}\n@misc{x, title={T}, note=iclm}")
        (problem,) = bibliography.problems
        assert (problem.line, problem.code) == (2, Code.BIB_SYNTAX)
        assert 'did you mean "icml"?' in problem.message
        assert pybtex_keys(bibliography.records) == ["x"]

    @pytest.mark.parametrize(
        ("strings", "line", "words"),
        [
            ("@string{a = a # a}\n" * 40, 1, 'no @string is called "a"'),
            ("@string{a = b # b}\n@string{b = a # a}\n" * 40, 1, 'no @string is called "b"'),
            ("@string{a = {x}}\n" + "@string{a = a # a}\n" * 100, 17, "stand for more than"),
            (
                "@string{a0 = {xxxxxxxxxx}}\n"
                + "".join(f"@string{{a{n} = a{n - 1} # a{n - 1}}}\n" for n in range(1, 99)),
                14,
                "define none of them by repeating itself or another",
            ),
        ],
        ids=["itself", "each other", "itself again", "doubling"],
    )
    def test_strings_that_repeat_each_other_are_told_and_the_rest_is_read(self, strings, line, words):
        bibliography = bib(f"{strings}@misc{{x, title={{T}}, note=a}}\n@misc{{y, title={{U}}}}")
        problem = next(problem for problem in bibliography.problems if words in problem.message)
        assert (problem.line, problem.code) == (line, Code.BIB_SYNTAX)
        assert bibliography.records["y"].title == "U"
        assert sum(len(record.raw) for record in bibliography.records.values()) < 300_000

    def test_a_long_string_is_written_out_only_in_as_many_records_as_the_file_may_hold(self):
        records = "".join(f"@misc{{k{n}, title=a}}\n" for n in range(1_000))
        bibliography = bib(f"@string{{a = {{{'x ' * 1_000}}}}}\n{records}")
        assert 0 < len(bibliography.records) < 100
        assert {problem.code for problem in bibliography.problems} == {Code.BIB_SYNTAX}
        assert len(bibliography.problems) == 1_000 - len(bibliography.records)

    def test_a_name_that_nobody_has_is_told_and_its_record_is_skipped(self):
        records = f"@misc{{x, title={{T}},\n author={{A and {'{b}' * 20_000}}}}}\n@misc{{y, title={{U}}, author={{A}}}}"
        (problem,) = bib(records).problems
        assert (problem.line, problem.code) == (2, Code.BIB_SYNTAX)
        assert "more than 1,000 characters" in problem.message
        assert list(bib(records).records) == ["y"]

    @given(
        st.lists(st.sampled_from([" and ", " AND ", "{x}", "{ and }", "a", "}", "~", "and"]), max_size=9).map(
            "".join
        )
    )
    def test_names_are_separated_as_pybtex_separates_them(self, text):
        assert split_names(text) == split_name_list(" ".join(text.split()))

    def test_many_marks_on_one_line_take_calls_and_time_in_proportion_to_their_number(self):
        assert calls(lambda: bib("% " + "@" * 4_000)) < 11 * calls(lambda: bib("% " + "@" * 400))
        assert not grows(bib, lambda size: "@" * (size // 4))
        assert not grows(bib, lambda size: " " * size + "@" * (size // 10))

    def test_only_the_first_twenty_unknown_names_of_a_kind_get_a_suggestion(self):
        strings = "".join(f"@string{{name{n} = {{x}}}}\n" for n in range(100))
        records = "".join(f"@misc{{k{n}, title={{T}}, note=nmae{n}}}\n" for n in range(100))
        problems = bib(strings + records).problems
        assert len(problems) == 100
        assert sum("did you mean" in problem.message for problem in problems) == 20

    def test_repeated_keys_are_told_with_the_first_and_the_first_wins(self, tmp_path):
        for name, text in [("a", "\n@misc{X, title={1}}"), ("b", "@misc{y, title={T}}\n@misc{x, title={2}}")]:
            (tmp_path / f"{name}.bib").write_text(text)
        bibliography = read([tmp_path / "a.bib", tmp_path / "b.bib"])
        (problem,) = bibliography.problems
        assert (problem.path, problem.line, problem.code) == (str(tmp_path / "b.bib"), 2, Code.BIB_REPEATED)
        assert f'{tmp_path / "a.bib"}:2 as "X"' in problem.message
        assert [(record.key, record.title) for record in bibliography.records.values()] == [
            ("X", "1"),
            ("y", "T"),
        ]

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("@article{x, title={T}}", "lacks author, journal or journaltitle or eprint, year or date"),
            ("@article{x, author={A}, title={T}, journal={}, year=1}", "lacks journal"),
            ("@book{x, title={T}, year=2020, publisher={P}}", "lacks author or editor"),
            ("@inproceedings{x, author={A}, title={T}, year=1}", "lacks booktitle"),
            ("@phdthesis{x, author={A}, title={T}, year=1}", "lacks school"),
            ("@misc{x, year=1}", "lacks title"),
            ("@artcle{x, title={T}}", 'did you mean "article"'),
            ("@misc{x, title={T}, crossref={y}}", "which is no record"),
        ],
    )
    def test_what_a_type_must_have(self, text, words):
        bibliography = bib("\n" + text)
        (problem,) = bibliography.problems
        assert (problem.line, problem.code) == (2, Code.BIB_FIELD)
        assert words in problem.message
        assert "x" in bibliography.records

    def test_a_missing_file_is_told_and_the_others_are_read(self, tmp_path):
        (tmp_path / "b.bib").write_text(TAN)
        bibliography = read([tmp_path / "a.bib", tmp_path / "b.bib"])
        assert [problem.code for problem in bibliography.problems] == [Code.BIB_MISSING]
        assert len(bibliography.records) == 1

    def test_what_is_not_utf8_is_told_with_its_line(self):
        bibliography = bib("@misc{x,\n title={Müller}}".encode("latin-1"))
        (problem,) = bibliography.problems
        assert (problem.line, problem.code) == (2, Code.ENCODING)
        assert "0xFC" in problem.message
        assert "x" in bibliography.records


FRAGMENTS = st.sampled_from(
    r"""@misc{k @article(j @string{m @comment{ @preamble{ title author year = , { } ) " # m jan 2020 {T} % @ $
    "A_{B}" {A_and_B,_C} {a,b,c,d} \'{e} / /@misc{l, _""".replace("/", "\n").split(" ")
).map(lambda fragment: fragment.replace("_", " "))


@given(st.lists(FRAGMENTS, max_size=30).map("".join) | st.text(max_size=80))
def test_no_text_raises_and_what_is_kept_can_be_read_by_pybtex(text):
    records = bib(text.encode("utf-8", "replace")).records
    assert pybtex_keys(records) == list(records)


PLAIN = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.just(" "), max_size=30).map(
    lambda text: " ".join(text.split())
)


class TestWriting:
    def test_an_entry_with_authors(self):
        text = entry_record(
            "mlw-x",
            "50% of R&D",
            "Google AI",
            "https://a.example/x_y",
            "2021",
            "2021-09-16",
            ["Mingxing Tan"],
        )
        assert text == (
            "@misc{mlw-x,\n  author = {Mingxing Tan},\n  title = {{50\\% of R\\&D}},\n"
            "  howpublished = {Google AI},\n  year = {2021},\n  url = {https://a.example/x_y},\n"
            "  note = {2021-09-16}\n}"
        )

    def test_without_authors_the_source_is_the_author(self):
        record = one(entry_record("x", "T", "Google and AI", "", "2021", "", []))
        assert record.label == "Google and AI 2021"

    @given(PLAIN.filter(bool), PLAIN, st.lists(PLAIN.filter(bool), max_size=3))
    def test_what_is_written_is_read_again(self, title, source, authors):
        record = one(
            entry_record("x", title, source, "https://a.example/{~}%20#_", "2021", "May 2021", authors)
        )
        assert record.title == title
        assert record.authors == tuple(authors or filter(None, [source]))
        assert record.url == "https://a.example/%7B~%7D%20#_"
        assert pybtex_keys({"x": record}) == ["x"]


@pytest.mark.parametrize(
    ("fields", "name", "published"),
    [
        ("booktitle = {ICML 2021}, year = {2021}", "ICML", "ICML 2021"),
        ("booktitle = {NeurIPS 2021 Workshop}, year = {2021}", "NeurIPS Workshop", "NeurIPS 2021 Workshop"),
        ("journal = {Nature}, year = {2021}", "Nature", "Nature 2021"),
        ("eprint = {2104.00613}, archivePrefix = {arXiv}, year = {2021}", "arXiv", "arXiv 2021"),
        ("journal = {arXiv preprint arXiv:2104.00613}, year = {2022}", "arXiv", "arXiv 2022"),
        ("journal = {Nature}", "Nature", "Nature"),
        ("year = {1999}", "", "1999"),
        ("note = {N}", "", ""),
    ],
)
def test_venue_has_a_name_without_its_year_and_a_short_form_with_it(
    fields: str, name: str, published: str
) -> None:
    record = one(f"@misc{{k, title = {{T}}, {fields}}}")
    assert (record.venue_name, record.published) == (name, published)


def many(count: int) -> str:
    """Return *count* records with people, @string names that nobody defines, and parents that are not there."""
    names = " and ".join(f"Fam{{\\'i}}ly{n}, Given" for n in range(5))
    return "\n".join(
        f"@inproceedings{{k{n},\n title={{On {{X}} {n}}},\n author={{{names}}},\n booktitle=proc{n},\n"
        f" crossref={{parent{n}}},\n year=2020\n}}\n"
        for n in range(count)
    )


def test_the_cost_of_reading_grows_with_the_number_of_records(tmp_path):
    path = tmp_path / "refs.bib"
    costs = []
    for count in (300, 600):
        path.write_text(many(count))
        costs.append(calls(lambda: [read([path]).records.get("k1")]))
    assert costs[1] < 2.6 * costs[0]


def test_pybtex_is_loaded_only_when_names_are_read():
    code = "import sys, mlwatch.core.bibtex; sys.exit('pybtex' in sys.modules or 'docutils' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": ":".join(sys.path)})


# --- Kept between runs ----------------------------------------------------------------------------------------


def test_what_is_kept_is_what_a_first_reading_gives_and_goes_with_the_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache, bib = tmp_path / "cache" / "bib.pickle", tmp_path / "refs.bib"
    record = "@misc{%s,\n  title = {T},\n}\n"
    bib.write_text(record % "a" + record % "a", encoding="utf-8")
    first = read([bib], cache)
    assert cache.is_file()
    assert first == read([bib]) == read([bib], cache)
    with monkeypatch.context() as context:  # a second reading does not come as far as the reader
        context.setattr("mlwatch.core.bibread.Reader.read_file", None)
        assert read([bib], cache) == first
    stamp = bib.stat().st_mtime_ns
    bib.write_text(record % "a" + record % "b", encoding="utf-8")
    os.utime(bib, ns=(stamp, stamp))
    assert list(read([bib], cache).records) == ["a", "b"]
    cache.write_bytes(b"damaged")
    assert list(read([bib], cache).records) == ["a", "b"]
    bib.unlink()
    assert [problem.code for problem in read([bib], cache).problems] == [Code.BIB_MISSING]
