"""LaTeX as it stands in BibTeX values, turned into the text that a reader sees."""

from __future__ import annotations

import re
from typing import Final
from unicodedata import normalize

_ACCENTS: Final = dict(
    zip(
        "`'^~=u.\"rHvdckbt",
        "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0323\u0327\u0328\u0331\u0361",
        strict=True,
    )
)
_LETTERS: Final = dict(
    pair.split(":")
    for pair in r"""
    ss:ß o:ø O:Ø l:ł L:Ł ae:æ AE:Æ oe:œ OE:Œ aa:å AA:Å i:ı j:ȷ dh:ð DH:Ð th:þ TH:Þ dj:đ DJ:Đ ng:ŋ NG:Ŋ
    textendash:– textemdash:— ldots:… dots:… textellipsis:… textquotesingle:' textquoteleft:‘
    textquoteright:’ textquotedblleft:“ textquotedblright:” textasciitilde:~ textasciicircum:^
    textbackslash:\ backslash:\ textunderscore:_ textbar:| textless:< textgreater:> textbraceleft:{
    textbraceright:} lbrace:{ rbrace:} textdollar:$ textregistered:® texttrademark:™ textcopyright:©
    copyright:© textdegree:° degree:° circ:° S:§ P:¶ pounds:£ euro:€ texteuro:€ times:× pm:± cdot:· infty:∞
    le:≤ leq:≤ ge:≥ geq:≥ ne:≠ neq:≠ approx:≈ sim:~ to:→ rightarrow:→ leftarrow:← in:∈ ell:ℓ bullet:•
    partial:∂ nabla:∇ forall:∀ exists:∃ sum:∑ prod:∏ int:∫ sqrt:√ subset:⊂ cup:∪ cap:∩ mapsto:↦ Rightarrow:⇒
    leftrightarrow:↔ otimes:⊗ oplus:⊕ wedge:∧ vee:∨ neg:¬ equiv:≡ propto:∝ ast:∗ star:⋆ langle:⟨ rangle:⟩ dagger:†
    ddagger:‡ emptyset:∅ guillemotleft:« guillemotright:» textquestiondown:¿ textexclamdown:¡ textperiodcentered:·
    textbullet:• TeX:TeX LaTeX:LaTeX BibTeX:BibTeX
    """.split()
) | dict(
    zip(
        "alpha beta gamma delta epsilon varepsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau "
        "upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega".split(),
        "αβγδϵεζηθικλμνξπρστυϕφχψωΓΔΘΛΞΠΣΦΨΩ",
        strict=True,
    )
)
_MARKS: Final = {"---": "—", "--": "–", "``": "“", "''": "”", "~": " ", "\\\\": " ", "\\ ": " ", "\\,": " "}
_SPECIAL: Final = re.compile(r"[\\{}~$]|--|``|''")
_MATH: Final = re.compile(r"(?<!\\)\$([^$]*)(?<!\\)\$")
_TEX: Final = re.compile(
    r"\\(?:url|path)\s*\{(?P<url>[^{}]*)\}"
    r"|\\(?:href\s*|noopsort\s*|SortNoop\s*)\{[^{}]*\}"
    r"|\\(?P<accent>[`'^~=.\"]|[uvHtckrbd](?![A-Za-z]))\s*\{*(?:\\(?P<dotless>[ij])(?![A-Za-z])|(?P<base>[^\W_]))?"
    r"|\\(?P<word>[A-Za-z]+)\*?\s*"
    r"|(?P<mark>---?|``|''|~|\\[\\ ,])"
    r"|\\(?P<escaped>[&%$#_{}\"])"
    r"|\\.?|[{}]",
    re.DOTALL,
)


def to_text(value: str) -> str:
    """Return LaTeX as plain text on one line; what a command unknown here does is left out, its words stay."""
    if _SPECIAL.search(value):
        value = _TEX.sub(_decode, _MATH.sub(r"\1{}", value))
    return " ".join(value.split())


def _decode(found: re.Match[str]) -> str:
    if accent := found["accent"]:
        base = found["dotless"] or found["base"]
        return normalize("NFC", base + _ACCENTS[accent]) if base else accent if accent in "`'^~\"" else ""
    if word := found["word"]:
        return _LETTERS.get(word, "")
    if mark := found["mark"]:
        return _MARKS[mark]
    return to_address(found["url"]) if found["url"] else found["escaped"] or ""


_TILDE: Final = re.compile(r"\{?\\(?:textasciitilde|sim)(?![A-Za-z])\s*(?:\{\})?\}?|\$\\sim\$|\\~\{\}")
#: The fields whose values LaTeX sets as they are.
ADDRESSES: Final = frozenset(("url", "doi", "eprint", "file"))


def to_address(value: str) -> str:
    """Return a value that LaTeX sets as it is: only escapes and braces go, dashes and tildes stay."""
    value = re.sub(r"\\(?:url|path)\s*(?=\{)", "", _TILDE.sub("~", value))
    return "".join(re.sub(r"\\([%&#_$])|[{}]", r"\1", value).split())
