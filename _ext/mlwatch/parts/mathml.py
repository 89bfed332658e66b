"""Formulas as MathML, written while the site is built: a page with a formula loads no script, from no other host.

docutils translates the TeX (``docutils.utils.math``). A formula that it cannot translate is shown as TeX, with a warning.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.locale import _ as sphinx_text
from sphinx.util.math import get_node_equation_number

from ..base.warnings import warn
from ..core.problems import Code, quote

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator


#: Environments that docutils has no name for; the rows of a displayed formula are aligned without one.
_ENVIRONMENT: Final = re.compile(
    r"\s*\\begin\{((?:align|equation|gather|multline|eqnarray)\*?)\}(.*)\\end\{\1\}\s*", re.DOTALL
)


def register(app: Sphinx) -> None:
    """Offer MathML as the renderer ``mathml``; Sphinx prefers it to MathJax where ``html_math_renderer`` is not set."""
    app.add_html_math_renderer("mathml", (_visit_math, None), (_visit_block, None))


def _visit_math(translator: HTML5Translator, node: nodes.math) -> None:
    translator.body.append(translator.starttag(node, "span", "", CLASS="math notranslate nohighlight"))
    translator.body.append(_mathml(translator, node, as_block=False) + "</span>")
    raise nodes.SkipNode


def _visit_block(translator: HTML5Translator, node: nodes.math_block) -> None:
    translator.body.append(translator.starttag(node, "div", CLASS="math notranslate nohighlight"))
    if node.get("number"):
        number = get_node_equation_number(translator, node)
        translator.body.append(f'<span class="eqno">({number})')
        translator.add_permalink_ref(node, sphinx_text("Link to this equation"))
        translator.body.append("</span>")
    translator.body.append(_mathml(translator, node, as_block=True) + "</div>\n")
    raise nodes.SkipNode


def _mathml(translator: HTML5Translator, node: nodes.math | nodes.math_block, *, as_block: bool) -> str:
    tex = node.astext()
    environment = _ENVIRONMENT.fullmatch(tex) if as_block else None
    try:
        return tex2mathml(environment[2] if environment else tex, as_block=as_block)
    except Exception as error:  # noqa: BLE001 - beside MathError it raises whatever its mistakes lead to
        reason = str(error) if isinstance(error, MathError) else "it cannot be read"
        warn(Code.BAD_VALUE, f"the formula {quote(tex.strip())} is shown as TeX: {reason}", node)
        return f"<code>{translator.encode(tex)}</code>"
