"""Generated twins of the real exports: the same columns, vocabularies and kinds of dirt, and no row of theirs.

They let a clone that lacks the real files run the same trials.
"""

import csv
import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TypeAlias

Row: TypeAlias = dict[str, str]

REGIONS = ("worldwide", "worldwide", "americas", "other", "europe", "americas-europe", "asia-pacific")
POLICIES = ("fully-remote", "fully-remote", "remote-friendly", "hybrid", "remote-first")
SIZES = ("tiny", "small", "small", "medium", "medium", "large", "enterprise", "")
HEADCOUNTS = ("", "11-50", "51-200 employees", "100+", "~90 and growing", "50-100, spread over three continents")
COMMON_TECHNOLOGIES = (
    *("javascript", "cloud", "devops", "sql", "python", "go", "ruby", "java", "mobile", "php", "nosql", "ml"),
    *("dotnet", "data", "search", "infrastructure", "linux", "graphql", "scala", "api", "elixir", "rust"),
)
RARE_TECHNOLOGIES = (
    *("react", "aws", "typescript", "nodejs", "azure", "react-native", "kubernetes", "swift", "postgres"),
    *("docker", "angular", "vue", "flutter"),
)
NAMES = ("Quill", "Ember", "Zwirn", "Möwe", "Gorse", "Lantern", "Pebble", "Kettle", "Otter", "Thistle", "Düne", "Acker")
SECTORS = {
    "Communication Services": ("Interactive Media & Services", "Interactive Home Entertainment", "Broadcasting"),
    "Consumer Discretionary": ("Automobile Manufacturers", "Restaurants", "Homebuilding"),
    "Consumer Staples": ("Packaged Foods & Meats", "Household Products", "Tobacco"),
    "Energy": ("Oil & Gas Exploration & Production", "Integrated Oil & Gas"),
    "Financials": ("Financial Exchanges & Data", "Regional Banks", "Insurance Brokers", "Consumer Finance"),
    "Health Care": ("Health Care Equipment", "Health Care Technology", "Biotechnology"),
    "Industrials": ("Building Products", "Aerospace & Defense", "Industrial Conglomerates"),
    "Information Technology": (
        *("Application Software", "Systems Software", "Semiconductors", "Semiconductor Materials & Equipment"),
        *("Communications Equipment", "IT Consulting & Other Services", "Internet Services & Infrastructure"),
    ),
    "Materials": ("Specialty Chemicals", "Gold", "Steel"),
    "Real Estate": ("Office REITs", "Data Center REITs"),
    "Utilities": ("Electric Utilities", "Multi-Utilities"),
}
HEADQUARTERS = (
    *("New York City, New York", "San Francisco, California", "San Jose, California", "Boston, Massachusetts"),
    *("Seattle, Washington", "Houston, Texas", "Chicago, Illinois", "Atlanta, Georgia", "Dublin, Ireland"),
    *("London, United Kingdom", "Hamilton, Bermuda", "Washington, D.C.", "Richmond, Virginia", "Zürich, Switzerland"),
    *("Falls Church, Virginia[2]", "Columbus, Ohio; Detroit, Michigan", "Clifton, Bristol, United Kingdom", "none"),
)


def write_companies(path: Path, *, seed: int = 1, count: int = 400) -> Path:
    """Write a twin of remoteintech/companies.csv; one company has a size that the export does not define."""
    rng = random.Random(seed)
    rows = [_company(rng, i) for i in range(count)]
    rows[count // 2]["company_size"] = "startup"
    return _write(path, rows)


def _company(rng: random.Random, i: int) -> Row:
    title = f"{rng.choice(NAMES)}{rng.choice(NAMES).lower()} {i}"
    added = date(2015, 10, 13) + timedelta(days=rng.randrange(3860))
    updated = added + timedelta(days=rng.randrange(1 + (date(2026, 5, 8) - added).days))
    return {
        "title": title,
        "slug": title.lower().replace(" ", "-"),
        "region": rng.choice(REGIONS),
        "remote_policy": rng.choice(POLICIES),
        "company_size": rng.choice(SIZES),
        "technologies": _technologies(rng),
        "addedAt": _sometimes_blank(rng, f"{added}", 0.01),
        "updatedAt": _sometimes_blank(rng, f"{updated}", 0.05),
        "body_size": rng.choice(HEADCOUNTS),
    }


def _technologies(rng: random.Random) -> str:
    if rng.random() < 0.1:
        return ""
    listed = rng.sample(COMMON_TECHNOLOGIES, rng.randint(1, 7))
    return ";".join([*listed, rng.choice(RARE_TECHNOLOGIES)] if rng.random() < 0.1 else listed)


def _sometimes_blank(rng: random.Random, text: str, share: float) -> str:
    return "" if rng.random() < share else text


def write_constituents(path: Path, *, seed: int = 1, count: int = 300) -> Path:
    """Write a twin of sp500/constituents.csv."""
    rng = random.Random(seed)
    return _write(path, [_constituent(rng, i) for i in range(count)])


def _constituent(rng: random.Random, i: int) -> Row:
    sector = rng.choice(list(SECTORS))
    return {
        "Symbol": f"T{i:03}",
        "Security": f"{rng.choice(NAMES)} & {rng.choice(NAMES)} {i}",
        "GICS Sector": sector,
        "GICS Sub-Industry": rng.choice(SECTORS[sector]),
        "Headquarters Location": rng.choice(HEADQUARTERS),
        "Date added": f"{date(1957, 3, 4) + timedelta(days=rng.randrange(25_300))}",
        "CIK": f"{900_000 + i}",
        "Founded": _founded(rng),
    }


def _founded(rng: random.Random) -> str:
    """Write founding years as the export does: mostly one, some with an older one or a tale, some with a rival."""
    year, older = rng.randint(1860, 2025), rng.randint(1784, 1859)
    plain: Sequence[Callable[[], str]] = [lambda: f"{year}"] * 16
    dirty: Sequence[Callable[[], str]] = [
        lambda: f"{year} ({older})",
        lambda: f"{year} ({older} / {older - 3})",
        lambda: f"{year} ({older}, Ember & Quill spinoff)",
        lambda: f"{older}/{year}",
    ]
    return rng.choice([*plain, *dirty])()


def _write(path: Path, rows: list[Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path
