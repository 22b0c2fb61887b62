"""Tells the rows of the release before what `seed` must know of them."""

from django.db import migrations
from django.db.models import OuterRef, Subquery

# What each shared row said as release 0.3.0 seeded it: `SharedRow.digest()` of its fixtures. The rows themselves cannot
# say, since an author may have changed them. To be deleted, with its operation, once no database is older than 0.4.0.
SEEDED = {
    "Module": """
        anonymity-abuse-and-wellbeing:587e92c63fa23665 learning-online:503a6c27fb41c299
        patients-privacy-and-boundaries:99571b15262986dc when-posts-go-wrong:6f6ac5d611cac406
        why-social-media-matters:58a34a2f8dbd2a3a your-professional-presence:4aa689f86a14597d
    """,
    "Source": """
        gmc-2024:375b3d2f6d6b4d1c gmc-gmp-2024:0b51eb6f6c7d9ddd gmc-2013:ae87dc91d832f60f oxtoby-2013:01d2512abb0633e2
        roland:a87769ee7a62e682 mohty-savani-2024:2c50a6d278dba894 mdu-2024:3ac685359d1d1fe9 lmc:a55e59ad9161de0a
        sokol-2025:9b69a75c5ded8cc7 press-2009:1521cece0c1a3071 press-forum:a1d1afca62227102
        gponline-mdu:586c3ff34b2fca03 creation-2014:01b88ae273c5d261 reflective-2018:8f20367258cc8db2
        mdu-reflective:203e76f88a8c7da9 bma-counselling:da1bd2ebc5886f80 kar-2022:3ef2212c48dc83b9
        place-blog:d8216af7bc20608d gmc-concerns-2012:091d86be2a846888 pulse-2013:02b2a055b64f39c3
        gponline-2013:bbb69c9766b34bce mps-2013:1a9b3191f8e8add1 gmc-chair-2024:0b0ce305e47c1395
        gmc-domain-4:c86e455d0d8f82fb bad-abuse:225f53a9e1a83794 waters-2022:2ce1b285109323a5
        bma-abuse-2024:5ad62a6b52d525ad osa-2023:e8f50e35f05dff11 bma-racism-2025:5e0d69783a4bee05
        dazzi-2014:5d962744303e2364 psa-2022:ab68fc8327eb3a08 jvs-retraction:b2eaf7cdb613b36a
        practitioner-health:35e7ba03020de5e6 bma-doctor-support:0d94214c256cf62b speak-up-guardian:9e55ebb932e32f69
        inwo:dd9e33eec64d8885 pif-risk:6e5b8e7400ac673b bmj-deepfakes-2024:37ad6fd6496b64b6
        nandasoma-2024:89c0481c2b0b834f bma-2011:f1ac14f1dd431b89 mdu-2013:1ede9d7b5d9da300
        gmc-in-action:d26a8d197275aaab gmc-recordings:cb9e9984a70e2ff2 gmc-welcome:31776a4ccc49388b
        mdu-slip-up:59f1808a29c6e76d mdu-closed-forums:d715e378973dbe25 nhse-messaging:8685c04725fdf5b7
        messaging-2018:2b4477f21d07aa0a group-chat-reprimand-2023:7435106177beace9 online-access-2025:e3c99819a685fd05
        mddus-2015:c669d7e187b09e97 gmc-criticism-2017:8202219f15f77330 mdu-criticism:2663f89b17c762ed
        mdu-media-2017:2779f7f01ec3fe87 gmc-activism-2024:0f7202a7dce0909f ad-rules-2025:fc4bc022b48c6d8f
        mddus-recording-2021:b7e3a9473fde1a90 horus-log:80c86c066f39b5cf ukfpo-log:79fec60d34be2a27
        scotland-log:c69b49cc92f48e2c
    """,
    "Fact": """
        K1:7dce5f5e0ccce565 K2:7f6d238762ce9ee0 K3:7ebb1d15fd0f3dd6 K4:034ea9b6f99e379a K5:9cedb93742f6e170
        K6:2ce3f839b5ae9fec K7:215c69096a4a3d9d K8:19c22ea7b5a074f3 K9:65ff6ff31be7cb59 K10:9aa4f98bae0067e8
        K11:408f9fb88dffcb63 K12:c9fee252ed1454b1 K13:d2814d3ba6a208f1 K14:bbfe23649ae4d5cc K15:0992321c7d219618
        K16:55744aaec9767c65 K17:d49b839e89173628 K18:16a9db65c2080cea K19:0e9606fc4d35f33f K20:e2d66de1f51d5fd3
        K21:3d457effbe95cb72 K22:88ce68a927b53c8b K23:981108d4bd3ab449 K24:8dfa38db37ba5d27 O1:da0c04cfa3d07fab
        O2:5bbbb16986bade5b O3:c83297447602f90b O4:d9816e5bcd07a949 O5:b2a68745a599ca44 O6:023280645d447077
        O7:292ff71f473b7f87 O8:5cda45681e198cb3 O9:35109c9a198d0f80 O10:9e6954b9f7d49628 O11:add08c18cab40cde
        O12:7a3b16ea7bfb93d0 O13:c45eac5c14510cc3 O14:25d225390ea452dd O15:00e69e80a2a17bae O16:7c07cf6299bd2e4e
        O17:30ecd92c9b77c40b O18:b53237296e03c74c O19:0d8c11dcd13856ec O20:c15139090235c7c1 O21:f7b46f28311524a4
        O22:58637ffc315c333f O23:31d7d6fd296da93e O24:b76ee4a03ddf836c O25:7951bdd4fdec346b O26:671a8bdec41c213b
        O27:e9cc696ad578f4f4 O28:57271553e58d185a O29:74c111d1c433df6f O30:2b4e9973af0c6f82 O31:59dfb8c0829d6340
        O32:4d76c31af8bd72af O33:3386be50a262fb0e O34:887daf218ee7988b R1:188eb8c02867288c R2:bd252b73712cb917
        R3:ccc4dc8fb307f80d R4:9943fc34a7ecb8e7 R5:c0cc4fc5bba98f45 R6:097094ec9b0d6a1b R7:7a2c8b124cb9e959
        R8:c60b0a1a00b2e2cc R9:f0f5c974512863c0 R10:e378f3fe97c25cc4 R11:69bcd37f523e8818 R12:0fed9944e3027536
        R13:84a06452323e1115 R14:481f6130ffcf0ba6 R15:b88c95b223b7b684 R16:6d4d7e220dd21978 R17:c0f0fcd529893c61
        R18:071b05dc5071512e R19:a7220ab45bf5e3d4 R20:3465473c483789e3 B1:5f0dc254f906591b B2:bb8b4d8a125029d5
        B3:cf1efbc284fe4540 B4:e1d3a779270dfad6 B5:8c01776df6d1fe72 B6:56e44cb7ae8ed6df B7:f535283da163e0b2
        B8:a52ae6fdcf739919 B9:0e319144dfa14b04 B10:75d50ac2db0f1e7c B11:1bb2a7016ed39dc0 B12:4cbf07f23956bec1
        M1:edd810a7752b2ab0 M2:1f11e3d8871ebdc5 M3:4a9001b9c3b8d854 M4:04bc6e1c0c60df21 M5:f2371d9454dfc2ab
        M6:64a021269e59bb7c M7:e8c111c7bf682974 M8:c2adf8f9496c7ff2 M9:3a59779e60d8da63 M10:d9b5f1203e644932
        M11:229f6efa591aa3b4 M12:d0016ea831e813c2 M13:c05fe7136ed63407 M14:7f5db841da44b4be M15:ff81c75a67eeb9c8
        M16:709cf547eb438012 M17:ed4ada7bbe6d5fc1 T1.1:2a0f10bbbbcf0a03 T1.2:d69f031d70f82f4c T2.1:d4657ef32cd66f3a
        T2.2:0f1c8969103f6b45 T3.1:ce021b58ebd978b0 T3.2:31b6b323c1e69f0d T3.3:d9b67162fc770505 T4.1:011879e769dc770d
        T4.2:19f951311ed50302 T5.1:dbaa92171dc49474 T5.2:d1640ea3b4de503a T6.1:f3e93c49234392ac T6.2:baffbcda2e026700
        T7.1:f052df33406c87fc T7.2:091cf21dcf1bc083 T8.1:c83ef11c72fd53d1 T8.2:550832e14fd2ad50 T9.1:fa08fd32cdaf6814
        T9.2:ba849d0077fc0b0a T10.1:d00131565cc9f826 T10.2:8d7a5a8b2e40a0dc
    """,
}


def tell_what_was_seeded(apps, schema_editor):
    """A row whose digest is another by now has been changed by somebody, and `seed` will leave it alone."""
    for name, table in SEEDED.items():
        model = apps.get_model("modules", name)
        key = "slug" if name == "Module" else "key"
        digests = dict(entry.split(":") for entry in table.split())
        rows = list(model.objects.filter(**{f"{key}__in": digests}))
        for row in rows:
            row.seeded_digest = digests[getattr(row, key)]
        model.objects.bulk_update(rows, ["seeded_digest"], batch_size=100)


def tell_drafts_their_base(apps, schema_editor):
    """The newest edition that was there when the draft was started: what came later has a higher id."""
    editions = apps.get_model("modules", "Edition").objects
    there = editions.filter(module=OuterRef("module"), number__isnull=False, pk__lt=OuterRef("pk"))
    newest = there.order_by("-number").values("pk")[:1]
    bases = editions.filter(number__isnull=True).annotate(base=Subquery(newest)).values_list("pk", "base")
    for draft, base in list(bases):
        editions.filter(pk=draft).update(based_on=base)


class Migration(migrations.Migration):
    dependencies = [("modules", "0004_how_a_correction_travels")]

    operations = [
        migrations.RunPython(tell_what_was_seeded, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(tell_drafts_their_base, migrations.RunPython.noop, elidable=True),
    ]
