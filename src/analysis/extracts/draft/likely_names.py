"""Spellings that make a contract column likely, without proving it: a unit left open, a word with two meanings.

Used where a mapping is drafted, for a person to check. What is certain stands in `header_names.py`.
"""

from __future__ import annotations

LIKELY_EVERYWHERE = {
    "customer_id": "customer|account|user id|subscriber id|subscriber no|subscriber number|client|cid|kunde|会员编号"
    "|会员号|用户编号|用户id|用户号|账号|客户"
    "|teilnehmer|abonné|abonado|cliente|kd nr|kdnr|kd nummer|kund nr|debitor|debitornr|debitorennummer"
    "|code client|réf client|référence client|cód cliente|código cliente|klantnummer|codice cliente|numer klienta",
    "month": "period|date month|yearmonth|reporting month|usage month|数据日期|周期|统计周期|统计日期|月|期间"
    "|periode|zeitraum|leistungszeitraum|abrechnungszeitraum|période|periodo|periodo de facturación",
    "area_id": "area code|zip code|zip|postal code|postcode|post code|plz|code postal|codigo postal|cell id"
    "|exchange id|node id|site id|district id|zone id|zone|area|邮编|邮政编码|小区编号|小区代码|区域|基站编号"
    "|片区",
    "region": "state|province|city|county|district|bundesland|ort|stadt|ville|departement|provincia|ciudad|territory"
    "|省份|省|城市|地市|市|区域|区县|归属地|分公司"
    "|gebiet|vertriebsgebiet|landkreis|kreis|gemeinde|zone géographique|zona|comunidad autónoma|municipio",
    "status": "state|statut|estado|zustand|状态|标志状态",
    "start_date": "begins on|beginn|anfang|startet am|début|commence le|inicio|desde",
    "end_date": "finishes on|ende|endet am|fin|finit le|hasta|termina el",
    "channel": "source|origin|medium|via|touchpoint|来源|途径|方式|渠道名称|kanal|weg|canal|vía",
}

LIKELY = {
    "customers": {
        "signup_date": "activation date|activated on|onboarding date|start date|open date|created at|created on"
        "|contract start|service start date|first activation|registered at|激活日期|激活时间|签约日期|开通日期"
        "|开通时间|加入日期|首次开通日期|创建时间"
        "|signup|sign up|joined|eintritt|beginn|vertragsbeginn|vertragsstart|kunde ab|seit|date de souscription"
        "|date de début|souscrit le|début|inicio|fecha de inicio|fecha de contratación",
        "churn_date": "end date|close date|closed on|deactivation date|deactivated on|exit date|lost on"
        "|disconnected on|contract end|拆机日期|停机日期|退订日期|结束日期|流失日|离开日期"
        "|ende|vertragsende|kündigung|abgemeldet am|ausgetreten am|austritt|bis|fin|date de fin|résilié le"
        "|résiliation"
        "|baja|fecha de fin|fin de contrato",
        "churn_reason": "reason|disconnect reason|deactivation reason|exit reason|原因|拆机原因|退订原因|离开原因"
        "|grund|grund austritt|abgangsgrund|motif|raison|motivo|razón",
        "churn_kind": "churn category|churn class|churn group|exit type|voluntary or not|离开类型|流失大类|流失性质",
        "status": "state|customer state|active flag|lifecycle status|用户状态|账号状态",
        "customer_type": "account type|segment|customer segment|customer group|market segment|type|客户群|客群"
        "|客户属性|用户类型|客户等级"
        "|kundengruppe|kundensegment|catégorie client|segment client|segmento|categoría de cliente",
        "industry": "sector|business sector|nace|sic|行业名称|行业代码|wirtschaftszweig|secteur|sector de actividad",
        "employees": "staff|staff count|company size|number of staff|人数|企业规模|职员数",
        "birth_year": "birthyear|born|born in|year born|生年|出生|jahrgang|année naissance",
        "household_id": "household|home id|family id|foyer|hogar|haushalt|家庭|住户编号|户号|家庭组编号",
        "parent_id": "parent|group id|corporate account|holding id|billing parent|master account|集团编号"
        "|集团客户编号|上级编号|所属集团|主客户编号"
        "|hauptkunde|konzernnummer|compte parent|cuenta principal",
        "region": "market|address region|home region",
        "area_type": "area class|urbanicity|rural flag|location type|地区类型|城镇乡村|地域类型|区域性质",
        "acquisition_channel": "channel|acquisition source|marketing channel|partner channel|signup source|办理渠道"
        "|来源渠道|渠道|受理渠道|引流渠道"
        "|werbeweg|gewonnen über|herkunft|kundenherkunft|kanal|canal|origine|origen",
        "acquisition_cost": "sac|cpa|cost per acquisition|onboarding cost|acquisition spend|拓展成本|营销成本|拉新成本",
        "account_role": "role|user role|account holder type|contact role|角色|账号角色|联系人角色|rolle|rôle|rol",
        "replaces_customer_id": "replaces|predecessor|previous account|former account|migrated from"
        "|prior customer id|替换客户编号|前身客户|原用户编号|迁移自|原账号",
        "_tenure_months": "tenure|tenure months|tenure in months|months on book|months as customer"
        "|customer age months|age on network|mob|aon|在网时长|在网月数|在网月份数|网龄|入网月数|ancienneté mois"
        "|laufzeit bisher",
        "_churned": "churn|churned|churn label|churn value|churn flag|has churned|is churned|left|attrition|exited"
        "|是否流失|流失标志|流失标识|是否离网|离网标志",
        "_age": "age|customer age|age years|年龄|alter|edad",
    },
    "subscriptions": {
        "subscription_id": "id contrato|id contrat|contrat id|vertrag id|vertragskennung|service id|service number"
        "|line id|line number|product id|asset id|order id|agreement id"
        "|订单编号|业务编号|业务号码|实例编号|协议编号|服务编号|用户编号|产品编号",
        "product": "service|product name|offering|service name|product group|lob|业务|产品名称|业务名称|服务类型"
        "|产品线|业务类别"
        "|dienst|leistung|sparte|servicio|offre|formule",
        "plan": "package|package name|bundle|offer|offer name|tariff plan|product name|套餐编号|套餐包|资费|产品套餐"
        "|资费方案"
        "|tarifmodell|produktname|paket|formule|offre|paquete",
        "technology": "tech|access|network type|medium|technologietyp|接入|网络类型|接入网类型|宽带类型"
        "|technik|anschluss|type de connexion|raccordement|tipo de conexión|conexión",
        "bandwidth_mbps": "bandwidth|speed|down speed|download speed|line speed|access speed|bandbreite"
        "|geschwindigkeit|debit|velocidad|带宽|速率|宽带速率|签约带宽|签约速率|网速",
        "data_cap_gb": "data cap|data allowance|data limit|included data|allowance gb|quota|cap|流量上限|套餐流量"
        "|流量限额|流量包|封顶流量",
        "monthly_fee": "price|monthly amount|rental|charge|plan price|recurring charge|list price|tariff price"
        "|subscription price|package price|gebuehr|preis|prix|precio|tarif mensuel|资费金额|套餐价格|价格"
        "|基础月费|包月费|套餐费|套餐费用|固定费用"
        "|grundpreis|monatlich|monatsbetrag|entgelt|mensualité|redevance|abonnement|cuota|tarifa",
        "discount": "promo|promotion|rebate|discount value|promotional discount|reduction|优惠|减免|减免金额|折让"
        "|月减免",
        "discount_end_date": "promo end|promotion end|discount expires|promo expiry|discount expiry"
        "|promotion expires on|优惠失效日期|优惠终止日期|减免到期日",
        "contract_months": "contract|contract term|contract length|contract type|contract duration|term|commitment"
        "|minimum term|laufzeit|vertragslaufzeit|engagement|duree d engagement|permanencia|合约期|合约期限"
        "|合同期限|协议期|合约时长|合约周期|签约时长"
        "|mindestlaufzeit|mindestvertragslaufzeit|bindung|durée|durée du contrat|durée d engagement|duración"
        "|duración del contrato",
        "contract_end_date": "commitment end|commitment until|term end|minimum term until|lock in end|renewal date"
        "|合约截止日期|合约终止日期|协议结束日期|合同终止日期",
        "payment_method": "payment|pay type|billing method|payment channel|付费方式|支付渠道|付款渠道|结算方式"
        "|zahlung|paiement|pago|règlement",
        "start_date": "activation date|activated on|contract start|contract start date|from date|from|start"
        "|service from|开始时间|起租日期|启用日期|签约日期|激活日期|开通时间"
        "|von|ab|aktiviert am|aktiv seit|date d activation|date de mise en service|activé le|alta|fecha de alta"
        "|fecha de activación|inicio de contrato",
        "end_date": "deactivation date|to date|to|end|termination date|cancel date|service to|stop date|结束时间"
        "|停用日期|到期日期|终止时间|注销日期|截止日期"
        "|bis|kündigung|gekündigt zum|kündigung zum|kündigungsdatum|date de résiliation|résilié le|baja"
        "|fecha de baja",
    },
    "invoices": {
        "invoice_id": "invoice|bill|document no|document number|statement id|rechnung|票据号|账单流水号|单据编号"
        "|票据编号"
        "|beleg|belegnummer|belegnr|beleg nr|buchungsnummer|pièce|n pièce|numéro de pièce|n documento"
        "|facture|factura|recibo",
        "issued_on": "issued|issued at|date of issue|statement date|document date|date|出具日期|开具日期|开单日期"
        "|生成日期"
        "|datum|belegdatum|ausgestellt am|fecha|emitida el",
        "kind": "type|category|invoice type|line category|charge category|revenue type|item|类型|账单类型|计费类型"
        "|款项类型|科目"
        "|art|postenart|type de ligne|tipo|concepto"
        "|belegart|buchungsart|leistungsart|rechnungsart|nature|type de pièce|tipo de documento|tipo de cargo",
        "amount": "charge|charges|total|total amount|invoice total|revenue|net|value|sum|summe|应收金额|费用"
        "|账单总额|出账费用|计费金额|净额|合计金额"
        "|rechnungsbetrag|gesamtbetrag|montant de la facture|montant total|importe de la factura|importe total",
        "tax": "taxes|duty|vat value|税|税费|税款"
        "|ust|ust betrag|mwst betrag|taxe|montant taxes|impuesto|cuota iva|impuestos",
        "due_date": "due|pay by|payment deadline|deadline|faelligkeit|到期日|到期日期|应付款日|还款日|最迟付款日"
        "|应付截止"
        "|fällig|zahlungsfrist|vence el",
        "paid_date": "paid|paid at|settled on|settlement date|payment received|cleared on|付款时间|支付时间|缴费时间"
        "|到账日期|结清日期|收款日期"
        "|bezahlt|zahlungseingang|payé|pagado",
    },
    "usage": {
        "download_gb": "download|downloads|data usage|data volume|data usage gb|data used gb|traffic gb|data gb"
        "|downlink|downstream|下载|下载流量|下行流量|下载量|流量gb|上网流量|流量|下行数据量"
        "|nutzung|nutzung gb|verbrauch|datennutzung|datenvolumen"
        "|datenverbrauch|datenverbrauch gb|verbrauch gb|téléchargement|téléchargement go|données go|trafic"
        "|trafic go|tráfico|tráfico gb|datos gb|descarga"
        "|descarga gb|consumo de datos",
        "upload_gb": "upload|uploads|uplink|upstream|上传|上传流量|上行流量|上传量|上行数据量"
        "|hochgeladen gb|envoi go|subida|subida gb",
        "voice_minutes": "minutes|voice|calls minutes|call duration|voice usage|talk time|total minutes|通话时长"
        "|语音时长|通话|语音用量|语音通话量"
        "|minuten|gesprächsdauer|durée des appels|duración de llamadas",
        "active_days": "activity days|online days|days online|days with usage|活跃日数|有流量天数|在线日数|上线天数",
        "app_logins": "logins|login count|app visits|portal logins|portal visits|app sessions|登录数|app登陆次数"
        "|登陆次数|门户登录次数|app访问次数",
        "evening_share": "peak share|evening usage|night share|peak ratio|prime time share|忙时占比|夜间占比"
        "|晚间比例|晚上流量占比|晚高峰流量比例",
    },
    "tickets": {
        "ticket_id": "case|request id|request number|call id|interaction id|contact id|reference|工单|事件编号"
        "|受理编号|流水号|服务工单号|服务编号"
        "|vorgang|anliegen id|fallnummer|dossier|incidencia",
        "opened_at": "opened time|date opened|ticket date|call date|contact date|date|datetime|timestamp|started at"
        "|logged at|datum|来电时间|提交时间|提报时间|打开时间|登记时间|发起时间|工单时间|日期|时间|受理时刻"
        "|eröffnet|gemeldet|eingang|eingangsdatum|ouverture|apertura",
        "closed_at": "completed at|ended at|end time|finished at|closure date|完成时间|处理完成时间|归档时间"
        "|结束时间|办结日期"
        "|geschlossen|erledigt|behoben|gelöst|clôture|cierre",
        "status": "ticket state|resolution|解决状态|办理状态|当前状态",
        "channel": "contact method|contact type|contact medium|meldeweg|eingangskanal|接入渠道|来源|反馈渠道|服务渠道",
        "category": "topic|subject|issue|reason|reason code|problem|type|case type|类型|分类|投诉原因|原因|主题"
        "|业务分类|事由|服务类别"
        "|thema|anliegen|grund|störungsart|art der störung|ursache|motif|sujet|motivo|tema|asunto",
        "text": "complaint|message|note|notes|details|remarks|summary|customer comment|verbatim|备注|文本|客户反馈"
        "|反馈内容|诉求|说明|详情|诉求内容"
        "|nachricht|bemerkung|kommentar|commentaire|remarque|comentario|observaciones",
        "severity": "impact|level|ticket priority|等级|紧急度|级别|影响程度|重要程度",
        "is_complaint": "complaint|is a complaint|complaint indicator|投诉|是否为投诉|是投诉"
        "|beschwerde|reklamation|réclamation|plainte|reclamación|queja",
        "handle_minutes": "handle time|handling time|aht|duration|duration minutes|time spent|work time"
        "|minutes spent|处理时长|处理时间|耗时|用时分钟|办理时长",
        "resolved_first_contact": "first time fix|resolved first time|first contact|solved first time"
        "|first contact fix|一次性解决|首次来电解决|是否首次办结",
        "cost": "service cost|cost of contact|expense|费用|服务费用|处理费用",
        "mentions_competitor": "competitor|competitor flag|competition mentioned|竞争对手|竞品|提到竞争对手|提及友商"
        "|是否提及友商|是否提到友商",
    },
    "surveys": {
        "survey_id": "survey|response id|interview id|questionnaire|feedback id|调查id|问卷|调研编号|样本编号|反馈编号"
        "|umfrage|befragung|enquête|encuesta",
        "sent_at": "invited at|survey date|sent|dispatch date|contacted at|date|发放时间|派发时间|邀请时间|调查日期"
        "|推送日期",
        "answered_at": "completed at|response time|submitted at|answered|response at|completion date|提交时间"
        "|完成时间|反馈时间|应答时间|回收时间",
        "nps_score": "recommend|recommendation|would recommend|promoter score|score|推荐值|净推荐值|推荐得分"
        "|推荐打分|愿意推荐程度"
        "|weiterempfehlung|bewertung|note|puntuación|recomendación|recommandation",
        "csat_score": "satisfaction|satisfaction rating|rating|satisfaction level|overall satisfaction|满意程度"
        "|总体满意度|满意分|满意度打分"
        "|zufriedenheit|satisfacción",
    },
    "network": {
        "download_mbps": "download|download speed|speed|measured speed|avg speed|throughput|throughput mbps"
        "|actual speed mbps|下载速率|下载速度|实测速率|平均速率|测速结果|实际速率|实测下载速度",
        "advertised_mbps": "advertised speed|headline speed|nominal speed|plan speed|contract speed|contracted mbps"
        "|promised mbps|宣传速率|标称速率|签约速率|承诺速率|签约带宽|标称带宽",
        "latency_ms": "latency|ping|delay|delay ms|rtt|round trip time|latenz|时延|延迟|网络时延|网络延迟|平均时延",
        "outage_minutes": "outage|outages|downtime|outage duration|outage time|unavailability minutes|中断时长"
        "|故障时长|断网时长|停服时长|断网分钟|停机分钟",
    },
    "campaigns": {
        "campaign_id": "campaign|action id|promotion id|活动|营销编号|营销代码|营销活动代码|战役编号"
        "|kampagne|campagne|campaña",
        "name": "title|campaign title|description|label|活动主题|营销名称|标题|战役名称",
        "objective": "purpose|aim|type|campaign type|intent|活动类型|营销目的|目的|用途|活动意图",
        "randomised": "random|rct|ab test|controlled|has control group|随机|随机对照|随机实验|是否随机对照",
        "fixed_cost": "cost|budget|setup cost|campaign budget|活动成本|活动费用|预算|一次性成本|活动预算",
        "start_date": "start|launch date|from|launched on|开始时间|上线日期|启动日期|活动开始日期|活动开始时间",
        "end_date": "end|finish date|to|ended on|结束时间|下线日期|活动结束日期|活动结束时间|截止日期",
    },
    "contacts": {
        "campaign_id": "campaign|action id|promotion id|活动|营销编号|营销活动|营销代码",
        "arm": "group|test group|treatment|cell|segment|branch|offer group|对照组|实验臂|试验分组|策略|策略分组|方案"
        "|组",
        "contacted_at": "contacted|sent at|sent on|touch date|date|contact at|delivered at|外呼时间|触达日期"
        "|发送时间|营销时间|接触时点",
        "contact_cost": "touch cost|cost|channel cost|联络成本|外呼成本|单次成本|触达费用",
        "offer_cost": "discount cost|reward cost|gift cost|offer value|优惠费用|让利成本|礼品成本|让利金额",
        "responded": "response|reacted|answered|accepted|engaged|响应|是否响应营销|回应|应答|有无响应",
        "outcome_amount": "revenue|sales|sale amount|order value|amount|收入|销售额|订单金额|产出金额|收益金额",
    },
    "leads": {
        "lead_id": "lead|opportunity id|enquiry id|contact id|商机编号|潜客id|意向客户编号|意向编号",
        "created_at": "lead created|lead created at|entered at|registered at|date|opened at|录入时间|登记时间"
        "|生成时间|线索时间|线索创建时间",
        "segment": "type|group|target group|customer type|分群|客户群|客户分群|目标客群",
        "converted_customer_id": "customer id|customer no|customer number|customer|account id|became customer id"
        "|客户编号|对应客户编号|成单客户|签约客户编号|成单客户编号",
        "converted_at": "converted|won at|won on|closed at|sale date|签约时间|成单时间|成单日期|转化时刻",
    },
    "work_orders": {
        "work_order_id": "order id|order no|order number|task id|job no|wo number|wo id|施工编号|任务号|任务id"
        "|作业单号|施工工单号",
        "action": "task|activity|type|order type|job|intervention|operation|工作内容|任务|施工类型|操作|作业内容"
        "|处理措施",
        "opened_at": "created|date|issued at|scheduled at|ordered at|start time|order date|开单时间|受理时间"
        "|开始时间|下发时间|派单日期",
        "closed_at": "completed|finished at|done at|end time|resolved at|结束时间|竣工时间|回单时间|竣工日期",
        "outcome": "completion code|close code|resolution|conclusion|remarks|结论|处理结论|回单结果|处理情况",
    },
    "consents": {
        "channel": "permission channel|consent type|type|medium|同意类型|许可渠道|授权类型|营销渠道",
        "granted": "consent|permission|allowed|opted|optin flag|accepted|许可|授权|是否许可|是否允许|同意标志",
        "changed_at": "updated at|timestamp|date|granted at|consent timestamp|recorded at|更新时间|记录时间|生效时间"
        "|操作时间|变更时刻",
    },
    "identities": {
        "last_name": "name|full name|nombre|nombre completo|nombre y apellidos|nom et prénom|name vorname"
        "|customer name|contact name|lastname|kundenname|ansprechpartner"
        "|nom|姓名|客户姓名|客户名称|联系人|名字",
        "account_name": "login|user|nickname|account holder|identifiant|usuario|登录账号|账号名|账号|昵称|账户昵称",
        "company": "organisation|organization|employer|business name|单位|企业|机构名称|所属公司",
        "phone": "mobile|tel|msisdn|cell|cell phone|rufnummer|handy|movil|portable|联系号码|移动电话|联系手机|号码"
        "|联系方式",
        "email": "mail|email addr|correo|邮件|电邮|邮件地址|电子信箱",
        "address": "street|home address|install address|billing address|service address|strasse|calle|rue|住所"
        "|安装地址|家庭住址|家庭地址|详细地址",
    },
}

TABLE_NAMES = {
    "customers": "customer|account|subscriber|client|kunden|clientes|crm|demographics|customer master|客户|客户表"
    "|客户信息|客户资料|用户|用户信息|用户资料|客户档案|会员",
    "subscriptions": "subscription|contract|product|service|plan|tariff|vertraege|contrats|contratos|agreement|订购"
    "|订购表|订阅|套餐|合约|合同|产品|产品订购|产品实例|签约|业务订购",
    "invoices": "invoice|bill|billing|charge|rechnungen|factures|facturas|revenue|账单|账务|发票|出账|费用|账单明细"
    "|帐单",
    "usage": "usage|traffic|data usage|consumption|cdr|nutzung|verbrauch|consommation|consumo|datenvolumen"
    "|datenverbrauch"
    "|trafic|tráfico|datos|用量|使用量|流量"
    "|使用情况|月使用|用户行为|使用记录|月度使用",
    "tickets": "ticket|case|complaint|incident|support|service request|helpdesk|calls|beschwerden|reclamations"
    "|reclamos|工单|投诉|客服|客服工单|服务工单|投诉工单|服务请求|客诉",
    "surveys": "survey|nps|csat|feedback|questionnaire|umfrage|enquete|encuesta|问卷|调查|满意度|满意度调查|调研|回访",
    "network": "network|network quality|kpi|coverage|speed test|netz|reseau|red|网络|网络质量|测速|网络指标|网质",
    "campaigns": "campaign|promotion|kampagnen|campagnes|campanas|活动|营销活动|营销|战役",
    "contacts": "contact|campaign contact|campaign member|touch|target list|exposure|campaign response|触达|接触"
    "|营销触达|活动名单|活动触达|营销名单|外呼|营销接触",
    "leads": "lead|prospect|opportunity|pipeline|interessenten|线索|潜客|潜在客户|商机|销售线索",
    "work_orders": "work order|job|task|field service|technician visit|auftraege|派工|施工|上门|工程单|派单|作业单"
    "|维修单|处理任务",
    "consents": "consent|permission|opt in|optin|gdpr|einwilligungen|授权|同意|许可|隐私授权|营销授权",
    "identities": "identity|person|contact data|personal data|address book|kontaktdaten|身份|联系方式|客户身份"
    "|个人信息|通讯录|实名信息|联系信息",
}
