"""Names of the school's people: a few hundred common ones from many places, and some that break careless
programs."""

_FIRST = """
    Aaliyah Aaron Abdul Abigail Adaeze Adam Adriana Agnieszka Ahmed Aiden Aiko Aisha Alejandra Alejandro Alex Alice Alicia Alina Amara Amelia
    Amir Amit Amy Ana Anastasia Andre Andrea Andrew Angela Anika Anita Anna Anthony Antonio Anya Arjun Ashley Asher Astrid Ava Avery Ayaan Aziz
    Beatriz Benjamin Bianca Blessing Bohdan Brandon Brenda Brian Brianna Bruno Caleb Camila Carlos Carmen Caroline Catherine Charles Charlotte
    Chen Chiara Chidi Chloe Chris Christopher Claire Clara Cole Connor Cristina Cynthia Daniel Daniela David Deepak Diana Diego Divya Dmitri
    Dominic Dylan Ebony Eduardo Elena Eli Elias Elif Elijah Elizabeth Ella Ellen Emeka Emilia Emily Emma Eric Erika Esther Ethan Eva Evelyn
    Fatima Felipe Fernando Fiona Folake Francesca Francisco Gabriel Gabriela Garrett George Giovanni Grace Grant Guadalupe Hamza Hannah Harper
    Haruto Hassan Heather Helena Henry Hiroshi Hugo Ian Ibrahim Ines Ingrid Irina Isaac Isabella Isla Ivan Jack Jacob Jada James Jamila Jasmine
    Javier Jayden Jennifer Jessica Jin Joao Joaquin John Jonas Jordan Jorge Joseph Joshua Juan Julia Julian Kai Karen Karim Katarina Kate Kavya
    Keisha Kelly Kenji Kevin Khadija Kiara Kofi Kwame Kyle Lakshmi Lamar Lars Latoya Laura Leah Leila Leo Leon Leticia Liam Lila Linh Logan Lucas
    Lucia Luis Luna Madison Mai Malik Manuel Marcus Maria Mariam Marie Mark Marta Martin Mason Mateo Matthew Maya Mei Melissa Mia Michael Miguel
    Mila Mina Mohamed Molly Morgan Nadia Naomi Natalia Nathan Neha Ngozi Nia Nicholas Nicole Nikhil Nina Noah Noor Nora Olga Oliver Olivia Omar
    Oscar Owen Pablo Paige Patricia Patrick Paul Pedro Peter Petra Priya Quinn Rachel Rafael Rahul Raj Ravi Rebecca Ricardo Riley Rita Robert
    Rosa Ruby Ryan Sabrina Sade Said Sakura Salma Samuel Sana Sandra Santiago Sara Sebastian Selena Shanice Sofia Sophie Stefan Stella Susan
    Tamika Tariq Tatiana Teresa Terrence Thomas Tiana Tiffany Tobias Trevor Trinh Tyler Uma Valentina Vanessa Victor Victoria Vikram Violet
    Wei William Wyatt Xavier Ximena Yara Yasmin Yuki Yusuf Zachary Zainab Zoe
"""
_LAST = """
    Abbott Abdi Acosta Adams Adeyemi Aguilar Ahmed Ali Allen Alvarez Andersen Anderson Andrade Aoki Arias Armstrong Ayala Baker Banerjee Barnes
    Bauer Becker Begum Bell Bennett Bianchi Blake Boateng Bondarenko Brooks Brown Bryant Burke Butler Campbell Cardoso Carter Castillo Castro
    Chan Chang Chavez Chen Cheng Choi Clark Cohen Coleman Collins Cook Cooper Costa Cox Cruz Cruz-Rivera Cunningham Dang Daniels Das Davis
    Delgado Desai Diallo Diaz Dixon Dominguez Duarte Dubois Duncan Edwards Ellis Espinoza Estrada Evans Farouk Farrell Fernandez Ferrari Fischer
    Fisher Fitzgerald Flores Ford Foster Fox Franklin Freeman Fuentes Fujita Garcia Gardner Garza Gibson Gill Gomez Goldberg Gonzales Gonzalez
    Gordon Graham Grant Gray Green Griffin Guerrero Gupta Gutierrez Hall Hamilton Hansen Harris Harrison Hart Hassan Hayashi Hayes Henderson
    Hernandez Herrera Hoang Hoffmann Holmes Howard Hughes Hunt Hussain Ibrahim Ito Ivanov Iyer Jackson Jacobs James Jenkins Jensen Jimenez
    Johansson Johnson Jones Jordan Joshi Kamau Kang Kapoor Kaya Keller Kelly Kennedy Khan Kim King Klein Knight Kobayashi Kowalski Kumar Kuznetsov
    Larsen Lee Leone Levy Lewis Li Lim Lin Liu Long Lopez Lozano Luna Lynch Macdonald Machado Maldonado Marino Marshall Martin Martinez Mason
    Matsumoto Mbeki McCarthy McDonald Medina Mehta Mendez Mendoza Mensah Meyer Miller Mills Mitchell Mohamed Molina Moore Morales Moreau Moreno
    Morgan Moretti Morris Mukherjee Mueller Murphy Murray Mwangi Nakamura Navarro Nelson Newman Nguyen Nielsen Novak Nunes Nwosu Obi Ochoa Okafor
    Okonkwo Oliveira Olsen Ong Ortega Ortiz Osei Owens Pacheco Palmer Park Parker Patel Patterson Pereira Perez Perry Peters Petrov Pham Phillips
    Porter Powell Price Quintero Ramirez Ramos Rao Reddy Reed Reyes Reynolds Ribeiro Rivera Roberts Robinson Rodriguez Rogers Romano Rojas Rosen
    Ross Rossi Ruiz Russell Ryan Saito Salazar Saleh Sanchez Sanders Santiago Santos Sato Schmidt Schneider Schwartz Sharma Shaw Silva Simmons
    Singh Smith Solis Sousa Spencer Stewart Stone Suarez Sullivan Suzuki Svensson Tan Tanaka Taylor Thomas Thompson Torres Tran Tucker Turner
    Usman Valdez Vargas Vasquez Vega Velasquez Volkov Vu Wagner Walker Wallace Wang Ward Watanabe Watson Weaver Webb Weber Weiss Wells West White
    Wilkins Williams Wilson Wong Wood Wright Wu Yamamoto Yang Yilmaz Young Yusuf Zamora Zhang Zhao Zheng Zhou Zimmerman
"""
FIRST = tuple(_FIRST.split())
LAST = tuple(_LAST.split())
# (first, last): accents, apostrophes, commas, quotes, emoji, right to left, other scripts, blanks, length,
# and words that look like code
AWKWARD = (
    ("Zoë", "Núñez-Ångström"),
    ("François", "L'Hôpital"),
    ("Siobhán", "O'Sullivan"),
    ("Seán", "O’Brien"),  # the typographer's apostrophe
    ("D'Andre", "Johnson, Jr."),
    ('Robert "Bob"', "Smith, III"),
    ("Anna Maria", "de la Cruz y García"),
    ("Jean-Luc", "van 't Hoff"),
    ("Łukasz", "Żółkiewski"),
    ("Þórdís", "Guðmundsdóttir"),
    ("İbrahim", "Çağlayangil"),
    ("Ngọc Ánh", "Nguyễn"),
    ("Lily 🌸", "Evergreen 🌲"),
    ("Max 👩‍🎓", "Mustermann"),
    ("محمد", "الأحمد"),
    ("שרה", "כהן"),
    ("小龍", "李"),
    ("さくら", "田中"),
    ("Олександра", "Шевченко"),
    ("Ελένη", "Παπαδοπούλου"),
    ("지민", "김"),
    ("Null", "None"),
    ("True", "Yes"),
    ("007", "00123"),
    ("=SUM(A1)", "-Minus"),
    ("<b>Bold</b>", "Tom & Jerry"),
    ("Semi;colon", "Back\\slash"),
    ("100%", "_Under_score"),
    ("Trailing ", "Blank "),
    ("Tab\tbed", "Two  Blanks"),
    ("X", "Y"),
    (
        "Wolfeschlegelsteinhausenbergerdorffwelch",
        "Keihanaikukauakahihuliheekahaunaele-" + "Featherstonehaugh-" * 2 + "Smythe",
    ),  # 40 and 78 characters
)
