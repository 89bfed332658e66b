"""The site: theme, extensions and the ``mlwatch_*`` settings.

Sphinx reads this file (``sphinx-build -c . docs _build/html``), and so does the command line ``mlwatch``, without Sphinx:
nothing but the standard library is imported here.
"""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

# Where the site's sources are kept, for "edit this page". Read the Docs and GitHub Actions say so themselves.
REPOSITORY = "https://github.com/ml-watch/ml-watch"
BRANCH = "main"

# Where the site is published, ending in a slash; feeds and canonical links need it. Read the Docs says so itself.
SITE = ""

# A checkout works without the package being installed.
sys.path.insert(0, str(Path(__file__).resolve().parent / "_ext"))


def _repository() -> str:
    """Return the https address of the repository that is being built, without ``.git``."""
    url = os.environ.get("READTHEDOCS_GIT_CLONE_URL", "")
    if not url and os.environ.get("GITHUB_REPOSITORY"):
        server = os.environ.get("GITHUB_SERVER_URL", "https://github.com")
        url = f"{server}/{os.environ['GITHUB_REPOSITORY']}"
    if url.startswith("git@"):  # git@host:owner/name.git
        url = "https://" + url.removeprefix("git@").replace(":", "/", 1)
    return url.removesuffix(".git").rstrip("/") or REPOSITORY


# --- Project ---------------------------------------------------------------------------------------------------------

project = "ML Watch"
author = "The ML Watch developers"
copyright = author
version = "1"  # a knowledge base has no releases, but EPUB asks for a number
release = ""
language = "en"

extensions = [
    "mlwatch",  # brings myst_parser, sphinx_design and sphinxcontrib.bibtex
    "sphinx_copybutton",
    "notfound.extension",
]

exclude_patterns = ["_static"]
smartquotes = False  # titles stay as their authors wrote them

# --- ML Watch --------------------------------------------------------------------------------------------------------

mlwatch_weeks = "us"  # Akira's week 2 of 2021 begins on Sunday 3 January

mlwatch_series = {
    "ml-watch": {
        "title": "ML Watch, {month_name} {year}",
        "name": "ML Watch",
        "description": "Everything that appeared in a month, by topic.",
        "period": "month",
        "collects": "dated",
    },
    "akira": {
        "title": "Akira's ML news, week {week} of {year}",
        "name": "Akira's ML news",
        "description": "A week of papers, technical articles, and use cases, picked by Akira.",
        "period": "week",
        "collects": "named",
        "author": "Akira",
        "sections": {
            "papers": "Machine-learning papers",
            "articles": "Technical articles",
            "use-cases": "Examples of machine-learning use cases",
            "other": "Other topics",
        },
    },
    "ds-ml": {
        "title": "{year} DS/ML digest {number}",
        "name": "DS/ML digest",
        "description": "Data science and machine learning, a numbered issue every few weeks.",
        "period": "number",
        "author": "snakers41",
        "sections": {
            "speech": "Speech",
            "vision": "Computer vision",
            "general": "ML in general",
            "nlp": "NLP",
        },
    },
}

# The name to show: other spellings of it that entries use.
mlwatch_source_aliases = {"MarkTechPost": ["MARKTECHPOST", "Marktechpost"]}
mlwatch_keyword_aliases = {
    "speech recognition": ["automatic speech recognition (ASR)", "automatic speech recognition", "ASR"],
    "speech synthesis": ["text-to-speech", "TTS"],
    "data-centric AI": ["data-centric"],
    "data labeling": ["data labelling"],
    "spurious correlations": ["non-spuriousness"],
    "self-supervised learning": ["SSL", "self-supervision"],
    "reinforcement learning": ["RL"],
    "offline reinforcement learning": ["offline RL"],
    "multi-agent learning": ["MARL", "multi-agent reinforcement learning"],
    "GANs": ["GAN", "generative adversarial networks"],
    "variational autoencoders": ["VAE", "VAEs"],
    "text-to-image": ["text-to-image generation"],
    "image generation": ["image synthesis"],
    "view synthesis": ["novel view synthesis"],
    "neural fields": ["NeRF", "neural radiance fields", "implicit neural representations"],
    "OCR": ["optical character recognition"],
    "language models": ["LLM", "LLMs", "language modeling"],
    "machine translation": ["NMT"],
    "question answering": ["QA"],
    "human feedback": ["RLHF"],
    "vision and language": ["vision-language", "VLM"],
    "vision transformers": ["ViT", "ViTs", "vision transformer"],
    "convolutional networks": ["CNN", "CNNs", "ConvNets", "convolutional neural networks"],
    "recurrent networks": ["RNN", "RNNs", "recurrent neural networks"],
    "graph neural networks": ["GNN", "GNNs"],
    "mixture of experts": ["MoE"],
    "neural architecture search": ["NAS"],
    "anomaly detection": ["outlier detection", "out-of-distribution detection", "OOD detection"],
    "interpretability": ["explainability", "XAI", "explainable AI"],
    "nearest-neighbor search": ["approximate nearest neighbors"],
    "time series": ["time-series forecasting"],
    "weather and climate": ["weather forecasting"],
}
# What entries are about: each keyword belongs to one topic, and an entry's topics follow from its keywords.
# fmt: off
mlwatch_topics = {
    "vision": {
        "title": "Computer vision",
        "description": "How machines interpret images, video, and 3D scenes.",
        "keywords": [
            "image classification", "object detection", "semantic segmentation", "instance segmentation",
            "partially supervised instance segmentation", "video understanding", "object tracking", "optical flow",
            "depth estimation", "pose estimation", "face recognition", "3D vision", "view synthesis",
            "visual localization", "visual correspondence", "object-centric learning", "image retrieval",
            "super-resolution", "image matting", "computational photography", "OCR",
        ],
    },
    "generative": {
        "title": "Generative models",
        "description": "Models that create or edit images, video, and other data.",
        "keywords": [
            "image generation", "text-to-image", "video generation", "GANs", "diffusion models",
            "autoregressive models", "variational autoencoders", "energy-based models", "image editing",
            "image inpainting", "style transfer",
        ],
    },
    "nlp": {
        "title": "Natural language processing",
        "description": "Models that read, write, translate, and answer in human language or code.",
        "keywords": [
            "language models", "machine translation", "dialogue", "question answering", "text classification",
            "information retrieval", "code generation", "instruction following", "prompting", "summarization",
            "text generation", "tokenization",
        ],
    },
    "speech": {
        "title": "Speech and audio",
        "description": "Recognizing, generating, and separating speech, music, and other sounds.",
        "keywords": [
            "speech recognition", "speech synthesis", "pitch estimation", "audio generation", "music",
            "sound separation",
        ],
    },
    "multimodal": {
        "title": "Multimodal learning",
        "description": "Models that combine images, video, sound, and text.",
        "keywords": [
            "vision and language", "image-text pre-training", "video and language", "audio-visual learning",
        ],
    },
    "learning": {
        "title": "Learning methods",
        "description": "Ways to learn from few, noisy, or no labels, from other tasks, and from people.",
        "keywords": [
            "self-supervised learning", "contrastive learning", "representation learning", "pre-training",
            "transfer learning", "semi-supervised learning", "weak supervision", "few-shot learning",
            "zero-shot learning", "meta-learning", "multi-task learning", "continual learning", "active learning",
            "curriculum learning", "knowledge distillation", "dataset distillation", "federated learning",
            "noisy labels", "data augmentation", "ensembles", "human feedback", "clustering", "disentanglement",
        ],
    },
    "architectures": {
        "title": "Architectures",
        "description": "How networks are built, from convolutions and transformers to neural fields.",
        "keywords": [
            "transformers", "vision transformers", "attention", "convolutional networks", "recurrent networks",
            "graph neural networks", "MLP architectures", "mixture of experts", "modular networks", "neural fields",
            "neural architecture search",
        ],
    },
    "rl": {
        "title": "Reinforcement learning",
        "description": "Agents that learn to act, plan, and play, in simulation and in the physical world.",
        "keywords": [
            "reinforcement learning", "offline reinforcement learning", "imitation learning", "multi-agent learning",
            "world models", "planning", "exploration", "control", "robotics", "navigation", "indoor navigation",
            "games",
        ],
    },
    "robustness": {
        "title": "Robustness and trust",
        "description": "Whether models can be relied on, explained, and used fairly.",
        "keywords": [
            "robustness", "distribution shift", "anomaly detection", "one-class classification", "uncertainty",
            "adversarial examples", "spurious correlations", "underspecification", "causality", "interpretability",
            "fairness", "privacy", "AI ethics",
        ],
    },
    "efficiency": {
        "title": "Efficiency and systems",
        "description": "Making models faster, smaller, and larger in scale, and running them in production.",
        "keywords": [
            "efficient training", "efficient inference", "sparse networks", "quantization", "data compression",
            "distributed training", "large-scale models", "on-device learning", "hardware", "compilers",
            "nearest-neighbor search", "MLOps",
        ],
    },
    "theory": {
        "title": "Theory and optimization",
        "description": "Why deep learning works, and the mathematics of training it.",
        "keywords": [
            "optimization", "generalization", "normalization", "scaling laws", "deep learning theory",
            "loss functions", "kernels", "game theory", "graph algorithms",
        ],
    },
    "science": {
        "title": "Science and health",
        "description": "Machine learning in medicine, weather forecasting, mathematics, and the natural sciences.",
        "keywords": [
            "medical imaging", "healthcare", "biology", "protein structure", "chemistry", "physics",
            "weather and climate", "remote sensing", "mathematics", "neuroscience",
        ],
    },
    "data": {
        "title": "Data and evaluation",
        "description": "Datasets, benchmarks, and how to measure progress.",
        "keywords": [
            "datasets", "benchmarks", "evaluation", "data-centric AI", "data labeling", "recommender systems",
            "time series", "tabular data", "visualization",
        ],
    },
    "practice": {
        "title": "Practice and community",
        "description": "Careers, tools, conferences, and machine learning in industry.",
        "keywords": [
            "industry", "startups", "careers", "communication", "software engineering", "libraries", "tools",
            "human-computer interaction", "conferences", "surveys", "statistics",
        ],
    },
}
# fmt: on
mlwatch_edit_url = f"{_repository()}/edit/{BRANCH}/docs/{{path}}"  # as GitHub has it
# Everything is written by anyone but the guide and the pages at the top.
mlwatch_untrusted = ["**", "!guide/**", "!index.md"]

# --- Citations -------------------------------------------------------------------------------------------------------

bibtex_bibfiles = ["refs.bib"]

# --- HTML ------------------------------------------------------------------------------------------------------------

html_theme = "sphinx_book_theme"
html_title = project
html_baseurl = os.environ.get("READTHEDOCS_CANONICAL_URL", SITE)
html_static_path = ["docs/_static"]
html_css_files = ["site.css"]
html_logo = "docs/_static/logo.svg"
html_favicon = "docs/_static/favicon.svg"
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_use_index = False  # keywords, sources and papers have pages of their own
html_domain_indices = False
# The theme's own tree grows with the square of the collection; ours stays small.
html_sidebars = {"**": ["mlwatch-sidebar-nav-bs.html"]}
html_theme_options = {
    "use_download_button": False,
    "use_fullscreen_button": False,
    "home_page_in_toc": False,
    "show_toc_level": 2,
    "logo": {"text": project},
    # What each page repeats is kept small: one header with one search field, and no dialog, advertisement or floating button.
    "navbar_start": ["mlwatch-header-navbar-nav.html"],
    "navbar_persistent": [],
    "disable_search": True,  # the theme's dialog; the header has a field of its own
    "back_to_top_button": False,
    "primary_sidebar_end": [],
    "article_header_start": ["mlwatch-crumbs-navbar-nav.html"],
    "article_header_end": [],
    "article_footer_items": ["mlwatch-changed.html"],
    "footer_content_items": ["copyright.html"],
}

# A page that is not there may have any address, so the 404 page's own links start at the root of the site.
notfound_urls_prefix = urlsplit(html_baseurl).path or "/"
notfound_template = "mlwatch-404.html"
notfound_context = {"title": "There is no such page"}

# --- Links -----------------------------------------------------------------------------------------------------------

linkcheck_timeout = 20
linkcheck_retries = 2
linkcheck_workers = 8
linkcheck_rate_limit_timeout = 120  # seconds to wait at most for a host that says "too many requests"
linkcheck_anchors_ignore_for_url = [
    r"https://github\.com/",  # draws its headings with a script
]
linkcheck_ignore = [
    r"https?://(www\.)?(twitter|x)\.com/",  # shows nothing without logging in
]

# --- EPUB ------------------------------------------------------------------------------------------------------------

epub_basename = "ml-watch"
epub_description = "Machine-learning news worth reading, with digests, keywords and citations."
epub_identifier = html_baseurl or REPOSITORY
epub_scheme = "URL"
epub_uid = "ml-watch"
epub_show_urls = "no"  # links can be followed in a reader; addresses in the text would drown it
epub_exclude_files = ["search.html", "404.html"]

# --- LaTeX -----------------------------------------------------------------------------------------------------------

latex_engine = "xelatex"  # titles are in many scripts
latex_documents = [("index", "ml-watch.tex", project, author, "manual")]
latex_show_urls = "footnote"
latex_domain_indices = False
latex_elements = {
    "releasename": "",
    # Chinese with whichever of these fonts is there; without one the letters are missing but the document still builds.
    "preamble": r"""
\IfFileExists{xeCJK.sty}{%
  \IfFontExistsTF{Noto Serif CJK SC}{%
    \usepackage{xeCJK}\setCJKmainfont{Noto Serif CJK SC}\setCJKsansfont{Noto Sans CJK SC}\setCJKmonofont{Noto Sans Mono CJK SC}%
  }{\IfFontExistsTF{FandolSong-Regular.otf}{\usepackage{xeCJK}}{}}%
}{}
""",
}
