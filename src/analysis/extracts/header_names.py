"""What telecom systems call the contract's columns: known spellings, in English, Chinese, German, French, Spanish.

A spelling stands here only where it can mean nothing else in a table of that kind, unit included: these names are
read without asking. Spellings that merely make a column likely are the drafting's (`draft/likely_names.py`).
Compared without case, accents, blanks and punctuation, full-width signs made plain (`plain_name`); the contract's own
names need no entry.
"""

from __future__ import annotations

# Column → spellings, wherever the contract has a column of that name.
EVERYWHERE = {
    "customer_id": "customer no|customer number|customer nr|customer key|cust id|cust no|cust nr|account id"
    "|account no|account number|acct id|acct no|client id|client number|kundennummer|kundennr|kunden id"
    "|numero client|id client|identifiant client|id cliente|numero cliente|numero de cliente|客户编号|客户id"
    "|客户号|客户代码|客户编码|客户标识|客户号码|账户编号|帐户编号|账户id"
    "|kundenkennung|kunden nummer|n client|no client|n de client|no de client|num client|n cliente|no cliente"
    "|n de cliente|no de cliente|num cliente|codigo de cliente",
    "month": "billing month|bill month|billing period|year month|yyyymm|calendar month|abrechnungsmonat|monat|mois"
    "|mes|月份|账期|年月|统计月份|统计月|计费月|计费月份|账单月份|账单月|数据月份|账务周期"
    "|rechnungsmonat|leistungsmonat|mois de facturation|mes de facturación|mes facturado",
    "area_id": "area no|area key|gebiet id|区域编号|区域id|区域代码|区域编码|片区编号|片区代码|网格编号|网格id"
    "|gebietsnummer|gebietskennung|gebietsschlüssel",
    "region": "region name|sales region|地区|大区|所属地区|所在地区|所属区域",
    "start_date": "begin date|starts on|startdatum|date de debut|date debut|fecha de inicio|fecha inicio|开始日期"
    "|起始日期|生效日期"
    "|beginndatum|fecha de comienzo",
    "end_date": "ends on|enddatum|date de fin|date fin|fecha de fin|fecha fin|结束日期|终止日期|失效日期",
    "converted_at": "conversion date|conversion time|converted on|date converted|转化时间|转化日期|成交时间|成交日期",
}

# Table → column → spellings that hold in that table.
BY_TABLE = {
    "customers": {
        "signup_date": "sign up date|signed up on|join date|joined on|date joined|customer since|registration date"
        "|account open date|account opened|acquisition date|kunde seit|eintrittsdatum|anmeldedatum|client depuis"
        "|date d inscription|date inscription|fecha de alta|fecha alta|开户日期|开户时间|入网日期|入网时间"
        "|注册日期|注册时间"
        "|kundin seit|kundenbeginn|registrierungsdatum|beitrittsdatum|cliente desde|fecha de registro"
        "|date d adhésion",
        "churn_date": "churned on|leaving date|leave date|left on|cancellation date|cancel date|termination date"
        "|disconnect date|account close date|kuendigungsdatum|kundigungsdatum|austrittsdatum|date de resiliation"
        "|date resiliation|fecha de baja|fecha baja|离网日期|离网时间|流失日期|流失时间|销户日期|销户时间"
        "|退网日期|注销日期"
        "|gekündigt zum|kündigung zum|gekündigt per|date de départ|fecha de cancelación",
        "churn_reason": "reason for leaving|leaving reason|leave reason|cancellation reason|cancel reason"
        "|termination reason|kuendigungsgrund|kundigungsgrund|motif de resiliation|motif resiliation"
        "|motivo de baja|motivo baja|离网原因|流失原因|销户原因|退网原因|注销原因"
        "|grund der kündigung|austrittsgrund|abwanderungsgrund|motif de départ|raison du départ"
        "|motivo de cancelación|motivo de la baja",
        "churn_kind": "churn type|kind of churn|type of churn|kind of leaving|离网类型|离网类别|流失类型|流失类别"
        "|离网分类"
        "|kündigungsart|art der kündigung|type de résiliation|tipo de baja",
        "status": "customer status|account status|kundenstatus|statut client|estado cliente|客户状态|账户状态"
        "|在网状态|状态",
        "customer_type": "customer class|customer category|client type|kundentyp|kundenart|type de client"
        "|type client|tipo de cliente|tipo cliente|客户类型|客户类别|客户分类|客户性质",
        "industry": "industry sector|branche|secteur d activite|行业|所属行业|行业类型|行业分类|行业类别",
        "employees": "number of employees|employee count|headcount|mitarbeiterzahl|mitarbeiter|effectif|empleados"
        "|员工数|员工人数|雇员数|雇员人数|职工人数",
        "birth_year": "year of birth|yob|geburtsjahr|annee de naissance|ano de nacimiento|出生年份|出生年",
        "household_id": "household no|household number|household key|hh id|haushalt id|家庭编号|家庭id|家庭户号"
        "|家庭代码"
        "|haushaltsnummer",
        "parent_id": "parent account|parent account id|parent customer id|parent customer|master account id"
        "|上级客户编号|上级账户编号|父账户编号|母账户编号|主账户编号|上级客户",
        "area_type": "urban rural|urban or rural|settlement type|区域类型|城乡类型|城乡分类|城乡|城乡标识"
        "|stadt land|stadt oder land|urbain ou rural|urbano o rural",
        "acquisition_channel": "signup channel|sign up channel|sales channel|acquired via|vertriebskanal"
        "|canal de vente|canal de venta|获客渠道|入网渠道|发展渠道|销售渠道|开户渠道"
        "|akquisekanal|canal d acquisition|canal acquisition|canal de captación|canal de adquisición",
        "acquisition_cost": "cost of acquisition|customer acquisition cost|subscriber acquisition cost|cac|获客成本"
        "|发展成本|获取成本|客户获取成本"
        "|akquisekosten|kundengewinnungskosten|coût d acquisition|coste de adquisición|coste de captación",
        "account_role": "role of account|账户角色|帐户角色|用户角色",
        "replaces_customer_id": "previous customer id|former customer id|old customer id|previous account number"
        "|old account number|predecessor id|原客户编号|旧客户编号|前客户编号|原客户id|迁移前客户编号"
        "|frühere kundennummer|alte kundennummer|ancien numéro client|número de cliente anterior",
    },
    "subscriptions": {
        "subscription_id": "subscription no|subscription number|subscription key|sub id|contract id|contract number"
        "|contract no|vertragsnummer|vertragsnr|numero de contrat|numero contrat|numero de contrato"
        "|numero contrato|订购编号|订购id|订购号|订阅编号|合同编号|合约编号|签约编号|产品实例编号|产品实例id"
        "|vertrags id|n contrat|no contrat|n de contrat|no de contrat|n contrato|no contrato|n de contrato"
        "|no de contrato",
        "product": "product type|product line|service type|line of business|produkt|produit|producto|产品|产品类型"
        "|业务类型|产品类别|产品大类"
        "|produktart|produkttyp|type de produit|tipo de producto",
        "plan": "plan name|tariff|tariff name|price plan|rate plan|tarif|forfait|tarifa|套餐|套餐名称|资费套餐"
        "|资费计划|资费名称"
        "|tarifname|tarifbezeichnung|nom du forfait|plan tarifaire|plan tarifario",
        "technology": "access technology|access type|internet type|connection type|zugangstechnik|technologie"
        "|接入技术|接入方式|接入类型|网络制式|技术|技术类型"
        "|anschlussart|zugangsart|type d accès|tipo de acceso|tecnología",
        "bandwidth_mbps": "bandwidth mbit s|speed mbps|line speed mbps|download speed mbps|downstream mbps"
        "|bandbreite mbit s|带宽mbps|速率mbps|宽带速率mbps|下行带宽mbps|签约带宽mbps|带宽兆",
        "data_cap_gb": "data allowance gb|data limit gb|included data gb|data quota gb|datenvolumen gb|流量上限gb"
        "|套餐流量gb|套餐内流量gb|流量封顶gb",
        "monthly_fee": "monthly charge|monthly charges|monthly price|monthly rental|monthly recurring charge|mrc|fee"
        "|monthly subscription fee|monatsgebuehr|monatsgebuhr|grundgebuehr|grundgebuhr|monatspreis|prix mensuel"
        "|abonnement mensuel|cuota mensual|precio mensual|月租费|月租|月费|月租金|月基本费|套餐月费|每月费用"
        "|monatlicher grundpreis|monatliche grundgebühr|monatliche gebühr|monatsentgelt|prix par mois"
        "|tarif mensuel|tarifa mensual|mensualidad|precio al mes",
        "discount": "monthly discount|discount amount|rabatt|remise|descuento|折扣|折扣金额|优惠金额|月优惠金额|月折扣",
        "discount_end_date": "discount until|discount end|discount ends|discount expiry date|promotion end date"
        "|promo end date|rabatt bis|fin de remise|fin descuento|优惠结束日期|优惠到期日|优惠到期日期"
        "|优惠截止日期|折扣结束日期|折扣到期日"
        "|rabattende|fin de la remise|fin del descuento",
        "contract_months": "contract term months|contract length months|contract duration months|term months"
        "|commitment months|minimum term months|vertragslaufzeit monate|合约月数|合同月数|合约期月|合同期月"
        "|协议期月数"
        "|laufzeit monate|laufzeit in monaten|vertragslaufzeit in monaten|mindestlaufzeit monate"
        "|durée d engagement mois|durée d engagement en mois|permanencia meses|permanencia en meses",
        "contract_end_date": "contract end|contract ends|contract expiry date|contract expiry|commitment end date"
        "|minimum term end|vertragsende|fin de contrat|fin d engagement|fin de contrato|合约到期日|合约到期日期"
        "|合约结束日期|合同到期日|合同到期日期|合同结束日期|协议到期日"
        "|laufzeitende|mindestlaufzeit bis|ende der mindestlaufzeit|fin del contrato|fin de permanencia",
        "payment_method": "payment type|payment mode|pay method|method of payment|zahlungsart|zahlungsweise"
        "|mode de paiement|moyen de paiement|metodo de pago|forma de pago|付款方式|支付方式|缴费方式"
        "|zahlweise|bezahlart|zahlungsmittel|zahlungsmethode|mode de règlement|moyen de règlement|medio de pago",
        "start_date": "service start date|service start|valid from|effective from|effective date|gueltig ab"
        "|gultig ab|vertragsbeginn|开通日期|订购日期|生效时间",
        "end_date": "service end date|service end|valid to|valid until|effective to|gueltig bis|gultig bis|退订日期"
        "|失效时间",
    },
    "invoices": {
        "invoice_id": "invoice no|invoice number|invoice nr|bill id|bill no|bill number|rechnungsnummer|rechnungsnr"
        "|numero de facture|numero facture|numero de factura|numero factura|账单编号|账单号|账单id|发票编号"
        "|发票号|发票号码"
        "|rechnungs id|n facture|no facture|n de facture|no de facture|n factura|no factura|n de factura"
        "|no de factura",
        "issued_on": "issue date|date issued|invoice date|bill date|billing date|rechnungsdatum|date de facturation"
        "|date de facture|date facture|fecha de factura|fecha factura|出账日期|出账日|开票日期|账单日期|出账时间"
        "|rechnung vom|date d émission|fecha de emisión",
        "kind": "line type|charge type|item type|charge kind|fee type|positionsart|费用类型|费用类别|账目类型|收费类型",
        "amount": "invoice amount|bill amount|net amount|amount net|charge amount|betrag|nettobetrag|montant"
        "|montant ht|importe|金额|账单金额|出账金额|不含税金额|费用金额"
        "|betrag netto|rechnungsbetrag netto|montant net|montant hors taxes|importe neto",
        "tax": "tax amount|vat|vat amount|gst|sales tax|steuer|steuerbetrag|mwst|tva|iva|税额|税金|增值税|增值税额"
        "|mehrwertsteuer|umsatzsteuer|montant tva|importe iva",
        "due_date": "due on|date due|payment due date|payment due|faelligkeitsdatum|faellig am|fallig am"
        "|date d echeance|date echeance|fecha de vencimiento|fecha vencimiento|应付日期|应缴日期|付款截止日期"
        "|缴费截止日期|缴费期限"
        "|fällig zum|fälligkeit|zahlbar bis|échéance|date limite de paiement|vencimiento|fecha límite de pago",
        "paid_date": "paid on|date paid|payment date|bezahlt am|zahlungsdatum|date de paiement|date paiement"
        "|fecha de pago|fecha pago|付款日期|支付日期|缴费日期|实缴日期|实付日期|付清日期"
        "|gezahlt am|beglichen am|payé le|payée le|date de règlement|pagado el|pagada el",
    },
    "usage": {
        "download_gb": "downloaded gb|gb download|gb downloaded|downstream gb|downlink gb|data down gb|dl gb"
        "|monthly gb download|avg monthly gb download|下载流量gb|下行流量gb|下载量gb",
        "upload_gb": "uploaded gb|gb upload|gb uploaded|upstream gb|uplink gb|data up gb|ul gb|上传流量gb|上行流量gb"
        "|上传量gb",
        "voice_minutes": "call minutes|minutes of use|mou|talk minutes|minutes called|gespraechsminuten"
        "|gesprachsminuten|minutes de voix|minutos de voz|语音分钟数|语音分钟|通话分钟数|通话分钟|通话时长分钟"
        "|语音时长分钟",
        "active_days": "days active|days used|aktive tage|jours actifs|dias activos|活跃天数|使用天数|在线天数"
        "|上网天数",
        "app_logins": "app login count|number of app logins|app sign ins|app登录次数|应用登录次数|客户端登录次数"
        "|登录次数",
        "evening_share": "share of evening traffic|evening traffic share|evening ratio|晚间占比|晚间流量占比"
        "|晚高峰占比",
    },
    "tickets": {
        "ticket_id": "ticket no|ticket number|ticket nr|ticket|case id|case no|case number|complaint id|complaint no"
        "|complaint number|incident id|incident number|service request id|vorgangsnummer|numero de ticket"
        "|工单编号|工单号|工单id|投诉编号|投诉单号|受理单号|服务单号|服务请求编号"
        "|ticketnummer|vorgangsnr|n ticket|no ticket|número de incidencia|número de reclamación",
        "opened_at": "opened|opened on|open date|open time|created at|created on|creation date|create time"
        "|received at|received on|date received|complaint date|reported at|eroeffnet am|eroffnet am"
        "|date d ouverture|fecha de apertura|受理时间|受理日期|创建时间|创建日期|建单时间|投诉时间|投诉日期"
        "|开单时间|报障时间"
        "|erstellt am|angelegt am|gemeldet am|ouvert le|créé le|abierto el|fecha de creación",
        "closed_at": "closed|closed on|close date|close time|closing date|resolved at|resolved on|resolution date"
        "|geschlossen am|date de cloture|fecha de cierre|关闭时间|关闭日期|结案时间|办结时间|结单时间|解决时间"
        "|erledigt am|abgeschlossen am|fermé le|clos le|résolu le|cerrado el|fecha de resolución",
        "status": "ticket status|case status|complaint status|工单状态|处理状态|状态|投诉状态",
        "channel": "contact channel|received via|contacted via|kanal|canal|渠道|受理渠道|联系渠道|投诉渠道|来电渠道",
        "category": "ticket category|complaint category|complaint type|issue type|issue category|problem type"
        "|kategorie|categorie|categoria|类别|工单类别|工单类型|投诉类型|投诉类别|问题类型|问题类别|问题分类",
        "text": "description|complaint text|customer complaint|ticket text|comment|comments|beschreibung|descripcion"
        "|投诉内容|问题描述|工单内容|内容|描述|客户描述",
        "severity": "priority|urgency|prioritaet|prioritat|dringlichkeit|priorite|gravite|prioridad|严重程度"
        "|严重级别|优先级|紧急程度",
        "is_complaint": "complaint flag|complaint y n|ist beschwerde|是否投诉|投诉标志|投诉标识",
        "handle_minutes": "handling minutes|handle time minutes|handling time minutes|aht minutes|work minutes"
        "|bearbeitungszeit minuten|处理分钟数|处理分钟|处理时长分钟",
        "resolved_first_contact": "first contact resolution|first contact resolved|first call resolution|fcr"
        "|solved at first contact|首次解决|是否首次解决|一次解决|是否一次解决|首次接触解决|首问解决",
        "cost": "ticket cost|handling cost|contact cost|kosten|cout|coste|处理成本|服务成本|成本|工单成本",
        "mentions_competitor": "competitor mentioned|mentioned competitor|competitor mention|提及竞争对手"
        "|是否提及竞争对手|提及竞品|是否提及竞品|是否提到竞争对手",
    },
    "surveys": {
        "survey_id": "survey no|survey number|questionnaire id|问卷编号|问卷id|调查编号|调研编号|问卷号",
        "sent_at": "sent on|date sent|send date|sent date|invitation date|gesendet am|date d envoi|fecha de envio"
        "|发送时间|发送日期|下发时间|推送时间|问卷发送时间"
        "|versendet am|verschickt am|envoyé le|envoyée le|enviado el|enviada el",
        "answered_at": "answered on|date answered|answer date|responded at|response date|beantwortet am"
        "|date de reponse|fecha de respuesta|回答时间|回复时间|答复时间|作答时间|填写时间|回复日期"
        "|geantwortet am|répondu le|respondido el|respondida el",
        "nps_score": "nps|net promoter score|likelihood to recommend|recommendation score|nps得分|nps评分|nps分数"
        "|推荐度|推荐分|推荐意愿",
        "csat_score": "csat|customer satisfaction|customer satisfaction score|satisfaction score|满意度|满意度评分"
        "|满意度得分|满意度分数",
    },
    "network": {
        "download_mbps": "measured download mbps|measured mbps|download speed mbps|measured speed mbps"
        "|avg download mbps|下载速率mbps|实测下载速率mbps|实测速率mbps|下载速度mbps|平均下载速率mbps",
        "advertised_mbps": "advertised speed mbps|headline speed mbps|nominal speed mbps|sold speed mbps"
        "|宣传速率mbps|标称速率mbps|签约速率mbps|承诺速率mbps",
        "latency_ms": "ping ms|round trip ms|rtt ms|latenz ms|latence ms|时延ms|延迟ms|时延毫秒|延迟毫秒|网络时延ms",
        "outage_minutes": "downtime minutes|minutes of outage|minutes down|ausfallminuten|中断分钟数|中断分钟"
        "|故障分钟数|中断时长分钟|故障时长分钟",
        "latitude": "lat|centroid latitude|breitengrad|latitud|纬度|中心纬度",
        "longitude": "lon|lng|long|centroid longitude|längengrad|longitud|经度|中心经度",
    },
    "campaigns": {
        "campaign_id": "campaign no|campaign number|campaign code|campaign key|kampagnen id|kampagnennummer"
        "|id campagne|id campana|活动编号|活动id|活动代码|营销活动编号|营销活动id",
        "name": "campaign name|kampagnenname|nom de campagne|nombre de campana|活动名称|营销活动名称|名称"
        "|nombre de la campaña|nom de la campagne",
        "objective": "campaign objective|campaign goal|goal|ziel|objectif|objetivo|活动目标|营销目标|目标|活动目的",
        "randomised": "randomized|is randomised|is randomized|random assignment|randomisiert|是否随机|是否随机分组"
        "|随机分组",
        "fixed_cost": "campaign fixed cost|campaign cost|fixkosten|固定成本|固定费用|活动固定成本",
    },
    "contacts": {
        "campaign_id": "campaign no|campaign number|campaign code|campaign key|kampagnen id|活动编号|活动id|活动代码"
        "|营销活动编号|营销活动id",
        "arm": "treatment arm|test arm|variant|treatment group|分组|实验分组|组别|试验组别|实验组别",
        "contacted_at": "contact date|contacted on|date contacted|contact time|kontaktiert am|联系时间|联系日期"
        "|接触时间|触达时间|接触日期",
        "contact_cost": "cost of contact|联系成本|接触成本|触达成本",
        "offer_cost": "cost of offer|incentive cost|优惠成本|激励成本|权益成本",
        "responded": "has responded|response flag|是否响应|是否回应|是否应答",
        "outcome_amount": "outcome value|conversion value|成交金额|转化金额|结果金额",
    },
    "leads": {
        "lead_id": "lead no|lead number|prospect id|interessenten id|线索编号|线索id|线索号|潜在客户编号|潜客编号",
        "created_at": "created on|creation date|date created|create time|lead date|erstellt am|创建时间|创建日期",
        "channel": "lead source|lead channel|kanal|canal|渠道|来源渠道|线索渠道|线索来源",
        "segment": "lead segment|customer segment|客户细分|细分|客群|细分市场",
        "converted_customer_id": "won customer id|new customer id|转化客户编号|成交客户编号|转化后客户编号|转化客户id",
    },
    "work_orders": {
        "work_order_id": "work order no|work order number|work order|job id|job number|auftragsnummer|工单编号"
        "|工单号|工单id|施工单号|派工单号|派单编号|任务编号",
        "action": "action taken|job type|work type|massnahme|动作|措施|处理动作|任务类型|作业类型|行动",
        "status": "work order status|job status|工单状态|任务状态|状态",
        "opened_at": "opened|opened on|open date|created at|created on|派单时间|派工时间|创建时间|下单时间|派单日期",
        "closed_at": "closed|closed on|close date|completed at|completed on|完成时间|完工时间|关闭时间|完成日期"
        "|完工日期",
        "outcome": "result|ergebnis|resultat|resultado|结果|处理结果|执行结果|完成结果",
    },
    "consents": {
        "channel": "consent channel|contact channel|kanal|canal|渠道|授权渠道|联系渠道|沟通渠道",
        "granted": "consent granted|consent given|opt in|opted in|einwilligung|是否同意|同意|是否授权|授权状态",
        "changed_at": "changed on|change date|consent date|consent changed at|geaendert am|geandert am|变更时间"
        "|变更日期|修改时间|授权时间",
    },
    "identities": {
        "last_name": "surname|family name|nachname|familienname|nom de famille|apellido|apellidos|姓|姓氏",
        "account_name": "user name|username|login name|benutzername|账户名|帐户名|账户名称|用户名|登录名",
        "company": "company name|firma|firmenname|societe|entreprise|empresa|公司|公司名称|单位名称|企业名称",
        "phone": "phone number|phone no|telephone|telephone number|mobile number|contact number|telefon"
        "|telefonnummer|telefono|电话|电话号码|手机号|手机号码|联系电话|手机"
        "|rufnummer|numéro de téléphone|número de teléfono|téléphone",
        "email": "e mail|email address|e mail address|courriel|correo electronico|邮箱|电子邮箱|电子邮件|邮箱地址"
        "|adresse e mail|e mail adresse|correo",
        "address": "street address|postal address|anschrift|adresse|direccion|地址|住址|通讯地址|联系地址|装机地址",
    },
}
