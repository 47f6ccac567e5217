"""What systems write for the contract's own values: coded words, in English, Chinese, German, French, Spanish."""

from __future__ import annotations

from collections.abc import Collection

from analysis.extracts.cast import FALSEHOODS, TRUTHS

# (table, column) → contract value → what stands for it.
VALUE_WORDS: dict[tuple[str, str], dict[str, str]] = {
    ("customers", "status"): {
        "active": "active|stayed|joined|current|live|in service|open|aktiv|actif|activo|正常|在网|在用|活跃|有效"
        "|开通|使用中"
        "|aktive|laufend|bestandskunde|en service|en cours|active client|activa|vigente|alta",
        "suspended": "suspended|paused|on hold|blocked|barred|gesperrt|suspendu|suspendido|停机|暂停|欠费停机|冻结"
        "|挂起|报停"
        "|pausiert|ruhend|suspendue|suspendida|en pause",
        "churned": "churned|left|inactive|cancelled|canceled|terminated|closed|deactivated|disconnected|lost"
        "|gekuendigt|resilie|baja|离网|流失|已流失|销户|已销户|拆机|退网|注销|已注销|已离网"
        "|gekündigt|ehemalig|ehemaliger kunde|inaktiv|beendet|abgemeldet|ausgetreten|résilié|résiliée|inactif"
        "|ancien client|parti|inactivo|cancelado|cancelada|dado de baja|de baja|cerrado",
        "test": "test|testing|test account|测试|测试账户|测试用户",
        "staff": "staff|internal|employee|mitarbeiter|employe|empleado|员工|内部|内部员工|公司内部",
    },
    ("customers", "customer_type"): {
        "household": "household|residential|consumer|private|individual|personal|b2c|privat|privatkunde|particulier"
        "|hogar|家庭|个人|居民|公众|家庭客户|个人客户|公众客户|住宅"
        "|privatkunden|private kunden|haushalt|particuliers|grand public|résidentiel|particular|particulares"
        "|residencial",
        "business": "business|corporate|enterprise|company|sme|smb|b2b|commercial|geschaeftskunde|gewerbe|entreprise"
        "|empresa|企业|政企|商业|公司|集团|商企|企业客户|集团客户|商业客户"
        "|geschäftlich|geschäftskunden|gewerblich|gewerbekunde|firma|firmenkunde|unternehmen|professionnel"
        "|professionnels|pro|société|negocio|profesional|autónomo|pyme",
        "government": "government|public sector|public|behoerde|verwaltung|administration|gobierno|政府|政府机构"
        "|机关|政府客户"
        "|öffentlich|öffentliche hand|kommune|secteur public|sector público|administración",
        "education": "education|school|university|bildung|schule|enseignement|educacion|教育|学校|院校|教育客户"
        "|教育机构|高校"
        "|hochschule|universität|école|université|escuela|universidad",
    },
    ("customers", "churn_kind"): {
        "voluntary": "voluntary|by choice|customer request|own request|competitor|dissatisfaction|attitude|price"
        "|freiwillig|volontaire|voluntario|主动|主动离网|自愿|主动流失|自愿离网"
        "|better offer|better price|too expensive|switched provider|poor service|eigene kündigung|wettbewerb"
        "|wettbewerber|anbieterwechsel|preis|zu teuer|unzufrieden|unzufriedenheit|prix|trop cher|concurrence"
        "|concurrent|insatisfaction|mécontent|precio|demasiado caro|competencia|insatisfacción",
        "non_payment": "non payment|nonpayment|involuntary|debt|unpaid|bad debt|nichtzahlung|impaye|impago|欠费"
        "|欠费离网|被动离网|欠费销户|未缴费|欠费拆机"
        "|did not pay|not paid|unpaid bill|arrears|payment default|nicht bezahlt|zahlungsverzug|zahlungsausfall"
        "|impayés|défaut de paiement|non paiement|falta de pago|morosidad|impagado",
        "moved": "moved|relocation|move|moving|umzug|demenagement|mudanza|搬家|搬迁|迁移|移居|搬家离网"
        "|moved house|moved away|relocated|umgezogen|wegzug|verzogen|déménagé|traslado",
        "deceased": "deceased|death|died|verstorben|decede|fallecido|死亡|去世|身故|亡故"
        "|tod|todesfall|décès|décédé|décédée|fallecimiento|fallecida",
        "other": "other|others|unknown|misc|sonstige|autre|otro|其他|其它|未知"
        "|other reason|sonstiges|andere|anderer grund|autres|otros|otra",
    },
    ("customers", "area_type"): {
        "urban": "urban|city|town|metro|stadt|staedtisch|urbain|urbano|城市|城镇|市区|城区"
        "|städtisch|ville|urbaine|ciudad|urbana",
        "rural": "rural|country|countryside|land|laendlich|农村|乡村|乡镇|郊区|ländlich|dorf|campagne|rurale|pueblo",
    },
    ("customers", "account_role"): {
        "administrator": "administrator|admin|owner|primary|account holder|管理员|主账户|户主|负责人|管理者|主账号",
        "ordinary": "ordinary|user|member|secondary|normal|standard|普通|普通用户|成员|副账户|一般用户|普通成员",
    },
    ("subscriptions", "product"): {
        "broadband": "broadband|internet|fixed broadband|fibre|fiber|dsl|cable|breitband|haut debit|banda ancha|宽带"
        "|互联网|固网宽带|光纤宽带|家宽"
        "|glasfaser|internet fixe|fibre optique|fibra|internet fijo",
        "mobile": "mobile|cellular|wireless|mobilfunk|movil|移动|手机|移动业务|移动电话|移动套餐|手机套餐"
        "|handy|téléphonie mobile|telefonía móvil",
        "voice": "voice|phone|telephone|landline|fixed voice|festnetz|telefon|telefonie|fixe|telefonia|语音|固话"
        "|电话|固定电话|座机|固网语音"
        "|téléphone|téléphonie fixe|téléphone fixe|fijo|teléfono|telefonía fija",
        "tv": "tv|television|iptv|pay tv|fernsehen|tele|television|电视|iptv电视|互联网电视|数字电视|有线电视|网络电视"
        "|télévision|televisión",
        "cloud": "cloud|cloud storage|backup|online backup|cloud speicher|nube|云|云盘|云存储|网盘|云服务|云备份",
        "security": "security|antivirus|online security|sicherheit|securite|seguridad|安全|安全服务|网络安全"
        "|安全防护|杀毒"
        "|sécurité|virenschutz",
        "smart_home": "smart home|smarthome|home automation|iot|智能家居|智慧家庭|智能家庭|全屋智能|智家",
    },
    ("subscriptions", "contract_months"): {
        "1": "month to month|monthly|rolling|no contract|flexible|none|sans engagement|sin permanencia|monatlich"
        "|月付|按月|无合约|无协议|不限期|一个月|1个月"
        "|monatlich kündbar|ohne laufzeit|ohne bindung|mensuel|mensual|sin compromiso",
        "12": "one year|1 year|12 months|12 month|yearly|annual|ein jahr|12 monate|12 mois|un an|12 meses|一年|1年"
        "|12个月|一年期|12月",
        "24": "two year|two years|2 year|2 years|24 months|24 month|zwei jahre|24 monate|24 mois|deux ans|24 meses"
        "|两年|二年|2年|24个月|两年期|24月",
        "36": "three year|three years|3 years|36 months|36 monate|36 mois|trois ans|36 meses|三年|3年|36个月|三年期"
        "|36月",
    },
    ("invoices", "kind"): {
        "recurring": "recurring|subscription|rental|monthly|fixed|base|grundgebuehr|abonnement|cuota|月租|月费"
        "|固定费|周期费用|周期性|套餐费|基本费|月租费|经常性"
        "|grundpreis|grundgebühr|grundentgelt|monatsentgelt|wiederkehrend|récurrent|recurrente|cuota mensual",
        "usage": "usage|overage|traffic|consumption|nutzung|verbrauch|consommation|consumo|用量|使用费|流量费|超量"
        "|使用|通信费|通话费|用量费|超套费"
        "|gespräche|uso",
        "one_off": "one off|one time|oneoff|installation|setup|activation|device|einmalig|unique|unico|一次性"
        "|一次性费用|安装费|开户费|工料费|单次"
        "|einrichtung|anschlussgebühr|ponctuel|frais d activation|alta|puntual",
        "credit": "credit|credit note|refund|reversal|adjustment|gutschrift|avoir|abono|退费|冲销|退款|贷项|抵扣"
        "|返还|减免|退费冲抵|冲减"
        "|storno|erstattung|remboursement|reembolso|devolución",
    },
    ("campaigns", "objective"): {
        "retention": "retention|retain|save|loyalty|churn prevention|bindung|fidelisation|retencion|挽留|保有|保留"
        "|留存|维系|客户保有|续约",
        "upsell": "upsell|up sell|cross sell|upgrade|升级|增值|提值|加购|升档|交叉销售|提升价值",
        "win_back": "win back|winback|reactivation|recovery|rueckgewinnung|reconquete|recuperacion|赢回|召回|回流"
        "|唤回|挽回|离网召回",
        "acquisition": "acquisition|new customers|prospecting|neukunden|conquete|captacion|拉新|获客|新增|新客户"
        "|获取新客",
    },
    ("work_orders", "status"): {
        "open": "open|new|pending|in progress|scheduled|assigned|offen|ouvert|abierto|待处理|处理中|未完成|进行中"
        "|已派单|新建|打开|未关闭",
        "done": "done|closed|completed|complete|finished|resolved|erledigt|termine|hecho|已完成|完成|已关闭|完工"
        "|办结|竣工|已处理|已办结",
        "refused": "refused|rejected|cancelled|canceled|declined|abgelehnt|refuse|rechazado|拒绝|已拒绝|取消|已取消"
        "|退单|拒单|驳回",
    },
}

TRUE_WORDS = "|".join(TRUTHS) + "|有|真|对|是的|已同意|同意|wahr|vrai|verdadero|vero|waar|sim"
FALSE_WORDS = "|".join(FALSEHOODS) + "|无|假|没有|不是|不同意|未同意|falsch|faux|falso|onwaar"
READ_AS_TRUTH = (*TRUTHS, *FALSEHOODS)  # the contract reads these itself
_PAIRS = (("o", "n"), ("s", "n"), ("w", "f"), ("v", "f"))  # oui, sí, wahr, vrai: a word only beside its opposite

# Columns of a table with one row per customer that say whether a product is held: product → header.
PRODUCT_FLAGS = {
    "broadband": "internet service|internet|broadband|has internet|fixed broadband|宽带|是否有宽带|宽带业务"
    "|是否办理宽带",
    "voice": "phone service|phone|voice|landline|has phone|telephone|固话|固定电话|是否有固话|语音业务",
    "mobile": "mobile service|mobile|has mobile|移动业务|手机业务|是否有手机",
    "tv": "streaming tv|tv|tv service|iptv|has tv|电视|电视业务|iptv业务|是否有电视",
    "cloud": "online backup|cloud|cloud storage|cloud backup|云存储|云盘",
    "security": "online security|security|antivirus|安全|安全服务",
    "smart_home": "smart home|home automation|智能家居|智慧家庭",
}

# Signs and words in headers and values that name a currency. A bare $ names several and is left to be said.
CURRENCIES = {"CNY": "¥|￥|元|rmb|cny|人民币", "EUR": "€|eur|euro", "GBP": "£|gbp", "USD": "usd|us$", "CHF": "chf"}


def truth_pair(listed: Collection[str]) -> tuple[str, str] | None:
    """The letters for yes and no that a column's two values are, where such letters mean something only together."""
    values = {value.casefold() for value in listed}
    return next((pair for pair in _PAIRS if values == set(pair)), None)
