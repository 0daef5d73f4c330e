"""The lists that dropdowns, radios and checkboxes of the imitation account choose from: (value, label)."""

Choices = tuple[tuple[str, str], ...]

GENDERS: Choices = (("F", "Female"), ("M", "Male"), ("X", "Non-binary"), ("N", "Prefer not to say"))
RACES: Choices = tuple(
    (name, name)
    for name in (
        "American Indian or Alaska Native",
        "Asian",
        "Black or African American",
        "Hispanic or Latino",
        "Native Hawaiian or Other Pacific Islander",
        "White",
    )
)
COUNTRIES: Choices = (
    ("US", "United States"),
    ("AR", "Argentina"),
    ("AU", "Australia"),
    ("BR", "Brazil"),
    ("CA", "Canada"),
    ("CI", "Côte d’Ivoire"),
    ("CL", "Chile"),
    ("CN", "China"),
    ("CO", "Colombia"),
    ("DE", "Germany"),
    ("EG", "Egypt"),
    ("ES", "Spain"),
    ("FR", "France"),
    ("GB", "United Kingdom"),
    ("GH", "Ghana"),
    ("IE", "Ireland"),
    ("IL", "Israel"),
    ("IN", "India"),
    ("IT", "Italy"),
    ("JP", "Japan"),
    ("KE", "Kenya"),
    ("KR", "South Korea"),
    ("MX", "Mexico"),
    ("NG", "Nigeria"),
    ("NL", "Netherlands"),
    ("PH", "Philippines"),
    ("PL", "Poland"),
    ("SA", "Saudi Arabia"),
    ("SE", "Sweden"),
    ("VN", "Vietnam"),
)
TERMS: Choices = tuple(
    (f"tu.terms.{number}", f"{season} {year}")
    for number, (year, season) in enumerate(
        ((year, season) for year in range(2024, 2029) for season in ("Spring", "Summer", "Fall")), start=101
    )
)
MAJORS: Choices = tuple(
    (f"tu.majors.{number}", name)
    for number, name in enumerate(
        (
            "Accounting",
            "Anthropology",
            "Art History",
            "Biochemistry",
            "Biology",
            "Business, Management",  # a comma as in the texts that join several options
            "Chemistry",
            "Communication & Media",
            "Computer Science",
            "Criminal Justice",
            "Economics",
            "Education (K-6)",
            "English Literature",
            "Environmental Science",
            "Finance",
            "Français & Francophone Studies",
            "History",
            "Mathematics",
            "Mechanical Engineering",
            "Music",
            "Nursing",
            "Philosophy",
            "Physics",
            "Political Science",
            "Psychology",
            "Sociology",
            "Undecided",
        ),
        start=201,
    )
)
DEGREES: Choices = (
    ("BA", "Bachelor of Arts"),
    ("BS", "Bachelor of Science"),
    ("MA", "Master of Arts"),
    ("MBA", "MBA"),
    ("CERT", "Certificate"),
)
STUDENT_TYPES: Choices = (
    ("first_year", "First-year"),
    ("transfer", "Transfer"),
    ("graduate", "Graduate"),
    ("returning", "Returning"),
    ("visiting", "Visiting"),
)
TERRITORIES: Choices = tuple(
    (name.lower().replace(" ", "_"), name)
    for name in ("North East", "South East", "Mid West", "West", "International")
)
INTERESTS: Choices = (
    ("athletics", "Athletics"),
    ("arts", "Arts, music and theatre"),
    ("Study abroad, exchange", "Study abroad, exchange"),
    ("research", "Undergraduate research"),
    ("greek_life", "Greek life"),
    ("service", "Community service"),
)
CAMPUSES: Choices = (("main", "Main Campus"), ("downtown", "Downtown"), ("online", "Online"))
CHANNELS: Choices = (
    ("messenger", "Messenger"),
    ("sms", "SMS"),
    ("email", "Email"),
    ("call", "Call"),
    ("whatsapp", "WhatsApp"),
)
STATUSES: Choices = (("open", "Open"), ("closed", "Closed"))
SENTIMENTS: Choices = (("positive", "Positive"), ("neutral", "Neutral"), ("negative", "Negative"))
TAGS: Choices = (
    ("admissions", "Admissions"),
    ("financial_aid", "Financial Aid"),
    ("housing", "Housing"),
    ("international", "International"),
    ("transfer", "Transfer"),
    ("visit", "Visit"),
    ("Urgent, parent", "Urgent, parent"),
)
