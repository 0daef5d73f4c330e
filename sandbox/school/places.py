"""Where the school's people live and come from."""

from typing import NamedTuple


class Place(NamedTuple):
    """A town; ``country`` is the ISO code."""

    city: str
    state: str
    zip: str
    country: str


PLACES = tuple(
    Place(*line.split("|"))
    for line in """\
Boston|MA|02134|US
Hartford|CT|06103|US
Holtsville|NY|00501|US
Newark|NJ|07102|US
Burlington|VT|05401|US
Providence|RI|02903|US
San Juan|PR|00901|US
New York|NY|10027|US
Philadelphia|PA|19104|US
Chicago|IL|60615|US
St. Louis|MO|63130|US
Coeur d'Alene|ID|83814|US
Truth or Consequences|NM|87901|US
Los Angeles|CA|90089|US
Seattle|WA|98105|US
Houston|TX|77005|US
Miami|FL|33146|US
Montréal|QC|H3A 0G4|CA
Toronto|ON|M5S 1A1|CA
London||WC1E 6BT|GB
Dublin||D02 PN40|IE
São Paulo|SP|01310-100|BR
México, D.F.|CDMX|04510|MX
Bogotá|DC|111321|CO
Madrid||08001|ES
Köln|NW|50667|DE
Łódź||90-001|PL
Malmö||211 15|SE
Abidjan||01 BP 12|CI
Lagos|LA|100001|NG
Nairobi||00100|KE
الرياض||11564|SA
東京|東京都|100-0001|JP
서울||04524|KR
Hồ Chí Minh|SG|700000|VN
Mumbai|MH|400001|IN
""".splitlines()
)
STREETS = (
    "Main Street",
    "Oak Avenue",
    "Elm Court",
    "Martin Luther King Jr. Blvd",
    "Rue de l'Église",
    "O'Connell Street",
    "Calle 5ª",
    "Königsallee",
    "St. Mary's Road",
    "Apple & Pear Lane",
    "Washington Avenue",
    "2nd Street NE",
    "Sunset Blvd, Building 4",
    "Park Row",
    "Hillcrest Drive",
    "Lake Shore Drive",
    "University Place",
    "Cedar Lane",
    "Mill Road",
    "Chestnut Street",
)
CITIZENSHIPS = {  # ISO code -> the value of hed__Citizenship__c
    "US": "United States of America (the)",
    "AR": "Argentina",
    "AU": "Australia",
    "BR": "Brazil",
    "CA": "Canada",
    "CI": "Côte d'Ivoire",
    "CL": "Chile",
    "CN": "China",
    "CO": "Colombia",
    "DE": "Germany",
    "EG": "Egypt",
    "ES": "Spain",
    "FR": "France",
    "GB": "United Kingdom of Great Britain and Northern Ireland (the)",
    "GH": "Ghana",
    "IE": "Ireland",
    "IL": "Israel",
    "IN": "India",
    "IT": "Italy",
    "JP": "Japan",
    "KE": "Kenya",
    "KR": "Korea (the Republic of)",
    "MX": "Mexico",
    "NG": "Nigeria",
    "NL": "Netherlands (the)",
    "PH": "Philippines (the)",
    "PL": "Poland",
    "SA": "Saudi Arabia",
    "SE": "Sweden",
    "VN": "Viet Nam",
}
