"""矛盾纠纷类别, GB/T 31000-2015《社会治安综合治理基础数据规范》table 5.56: level 1 by two digits, level 2 by four, x99 其他."""

# code, zh, en, [(code, zh, en)]
KINDS: list[tuple[str, str, str, list[tuple[str, str, str]]]] = [
    (
        "01",
        "婚恋家庭纠纷",
        "Marriage and family",
        [
            ("0101", "恋爱婚姻", "Courtship and marriage"),
            ("0102", "抚养、赡养、监护", "Support, maintenance, guardianship"),
            ("0103", "分家、继承", "Division of property, inheritance"),
        ],
    ),
    (
        "02",
        "邻里纠纷",
        "Neighbours",
        [
            ("0201", "用水、排水、通行、通风、采光", "Water, drainage, passage, air, light"),
            ("0202", "相邻土地、建筑", "Adjoining land and buildings"),
            ("0203", "相邻污染", "Nuisance from next door"),
        ],
    ),
    (
        "03",
        "人格权纠纷",
        "Rights of personality",
        [
            ("0301", "姓名、肖像", "Name and likeness"),
            ("0302", "名誉、隐私", "Reputation and privacy"),
            ("0303", "身体、健康、人身自由", "Body, health, personal liberty"),
        ],
    ),
    (
        "04",
        "物权纠纷",
        "Property",
        [
            ("0401", "财物返还、损害", "Return of or damage to property"),
            ("0402", "物业管理", "Property management"),
            ("0403", "不动产登记", "Registration of real estate"),
        ],
    ),
    (
        "05",
        "侵权纠纷",
        "Torts",
        [
            ("0501", "教育机构", "Educational institutions"),
            ("0502", "医疗", "Medical treatment"),
            ("0503", "交通事故", "Traffic accidents"),
            ("0504", "环境污染", "Pollution"),
            ("0505", "产品责任", "Product liability"),
            ("0506", "网络", "The internet"),
            ("0507", "劳务损害", "Injury in paid services"),
        ],
    ),
    (
        "06",
        "合同纠纷",
        "Contracts",
        [
            ("0601", "消费服务", "Consumer services"),
            ("0602", "房产买卖、租赁", "Sale and lease of homes"),
            ("0603", "交易、贸易", "Trade"),
            ("0604", "运输、仓储", "Transport and storage"),
        ],
    ),
    (
        "07",
        "劳动人事纠纷",
        "Labour and personnel",
        [
            ("0701", "劳动合同、派遣", "Labour contracts and dispatch"),
            ("0702", "社会保险", "Social insurance"),
            ("0703", "福利", "Benefits"),
            ("0704", "人事", "Personnel"),
        ],
    ),
    (
        "08",
        "金融借贷纠纷",
        "Finance and lending",
        [
            ("0801", "证券、基金、期货", "Securities, funds, futures"),
            ("0802", "投资、信托、理财", "Investment, trusts, wealth products"),
            ("0803", "保险", "Insurance"),
            ("0804", "借贷、担保", "Loans and guarantees"),
        ],
    ),
    (
        "09",
        "土地资源权属纠纷",
        "Title to land and resources",
        [
            ("0901", "土地承包", "Contracted land"),
            ("0902", "宅基地", "Homesteads"),
            ("0903", "山林、矿产", "Forests and minerals"),
            ("0904", "水域、水利", "Waters and waterworks"),
        ],
    ),
    (
        "10",
        "其他民商事纠纷",
        "Other civil and commercial matters",
        [
            ("1001", "知识产权", "Intellectual property"),
            ("1002", "公司设立、解散", "Founding and winding up of companies"),
            ("1003", "海事、海商", "Maritime matters"),
            ("1004", "竞争", "Competition"),
            ("1005", "票据、信用证", "Bills and letters of credit"),
            ("1006", "无因管理、不当得利", "Management without mandate, unjust enrichment"),
        ],
    ),
    (
        "11",
        "城乡建设发展纠纷",
        "Town and country development",
        [
            ("1101", "国有土地上房屋征收", "Expropriation of homes on state land"),
            ("1102", "集体土地征用", "Requisition of collective land"),
            ("1103", "规划、拆违", "Planning and illegal buildings"),
            ("1104", "基础设施、市政、市容", "Infrastructure, municipal works, city appearance"),
            ("1105", "移民安置", "Resettlement"),
        ],
    ),
    (
        "12",
        "涉民政纠纷",
        "Civil affairs",
        [
            ("1201", "选举管理", "Elections"),
            ("1202", "优抚救助", "Preferential treatment and relief"),
            ("1203", "区划边界", "Boundaries of divisions"),
        ],
    ),
    (
        "13",
        "其他行政执法纠纷",
        "Other administrative enforcement",
        [
            ("1301", "城市管理", "City management"),
            ("1302", "教育、文化、体育", "Education, culture, sport"),
            ("1303", "工商、税务", "Commerce and taxes"),
            ("1304", "安全生产", "Work safety"),
            ("1305", "交通运输", "Transport"),
            ("1306", "海事、渔事", "Maritime and fishery affairs"),
            ("1307", "计划生育", "Family planning"),
        ],
    ),
    (
        "14",
        "涉法涉诉纠纷",
        "Law enforcement and litigation",
        [
            ("1401", "公安", "Police"),
            ("1402", "检察", "Procuratorate"),
            ("1403", "法院", "Courts"),
            ("1404", "司法行政", "Judicial administration"),
        ],
    ),
    (
        "15",
        "涉组织、纪检纠纷",
        "Organisation and discipline",
        [
            ("1501", "组织人事", "Organisation and personnel"),
            ("1502", "干部作风", "Conduct of officials"),
        ],
    ),
    (
        "16",
        "涉民族、宗教纠纷",
        "Ethnic and religious matters",
        [
            ("1601", "民族", "Ethnic matters"),
            ("1602", "宗教", "Religious matters"),
        ],
    ),
]
OTHER = ("99", "其他", "Other")
