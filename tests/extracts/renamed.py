"""The demo's extracts as other companies might head them: names made up without a look at the dictionary."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

Renaming = Mapping[str, tuple[str, Mapping[str, str]]]  # contract table → file name, contract column → header

CHINESE: Renaming = {
    "customers": (
        "客户主档",
        {
            "customer_id": "客户ID", "signup_date": "入网日", "churn_date": "离网日", "churn_reason": "离网缘由",
            "churn_kind": "离网性质", "status": "当前状态", "customer_type": "客户大类", "industry": "所属行业",
            "employees": "从业人数", "birth_year": "出生年份", "household_id": "家庭代号",
            "parent_id": "上级单位客户ID", "region": "大区", "area_id": "网格编号", "area_type": "城乡属性",
            "acquisition_channel": "发展渠道", "acquisition_cost": "获客费用", "account_role": "账户角色",
            "replaces_customer_id": "原客户ID",
        },
    ),
    "subscriptions": (
        "产品订购明细",
        {
            "subscription_id": "订购流水号", "customer_id": "客户ID", "product": "产品大类", "plan": "套餐名",
            "technology": "接入技术", "bandwidth_mbps": "签约带宽(Mbps)", "data_cap_gb": "套内流量(GB)",
            "monthly_fee": "月租费（元）", "discount": "优惠减免额", "discount_end_date": "优惠截止",
            "contract_months": "合约期(月)", "contract_end_date": "合约到期日", "payment_method": "缴费方式",
            "start_date": "生效日期", "end_date": "失效日期",
        },
    ),
    "invoices": (
        "出账账单",
        {
            "invoice_id": "账单号", "customer_id": "客户ID", "month": "账期", "issued_on": "出账日期",
            "kind": "费用类型", "amount": "应收金额", "tax": "税额",
            "due_date": "缴费截止日", "paid_date": "实际缴费日",
        },
    ),
    "usage": (
        "月度用量",
        {
            "customer_id": "客户ID", "month": "统计月份", "download_gb": "下行流量(GB)", "upload_gb": "上行流量(GB)",
            "voice_minutes": "主叫分钟数", "active_days": "活跃天数", "app_logins": "掌厅登录次数",
            "evening_share": "晚间流量占比",
        },
    ),
    "tickets": (
        "客服工单",
        {
            "ticket_id": "工单编号", "opened_at": "受理时间", "customer_id": "客户ID", "closed_at": "办结时间",
            "status": "工单状态", "channel": "受理渠道", "category": "诉求分类", "text": "诉求描述",
            "severity": "紧急程度", "is_complaint": "是否投诉", "handle_minutes": "处理时长(分钟)",
            "resolved_first_contact": "是否一次解决",
            "cost": "处理成本", "mentions_competitor": "是否提及他网", "region": "大区",
        },
    ),
    "surveys": (
        "满意度回访",
        {
            "survey_id": "问卷编号", "customer_id": "客户ID", "sent_at": "发送时间", "answered_at": "答卷时间",
            "nps_score": "推荐意愿分", "csat_score": "满意度评分",
        },
    ),
    "network": (
        "网络质量月报",
        {
            "area_id": "网格编号", "month": "月份", "download_mbps": "实测下载速率(Mbps)",
            "advertised_mbps": "宣传速率(Mbps)", "latency_ms": "平均时延(ms)", "outage_minutes": "累计中断时长(分钟)",
            "latitude": "中心纬度", "longitude": "中心经度",
        },
    ),
    "campaigns": (
        "营销活动清单",
        {
            "campaign_id": "活动编码", "name": "活动名称", "objective": "活动目的", "randomised": "是否随机分组",
            "start_date": "开始日期", "end_date": "结束日期", "fixed_cost": "固定投入",
        },
    ),
    "contacts": (
        "活动触达记录",
        {
            "campaign_id": "活动编码", "customer_id": "客户ID", "arm": "实验分组", "contacted_at": "触达时间",
            "contact_cost": "触达成本", "offer_cost": "优惠成本", "responded": "是否响应", "converted_at": "转化时间",
            "outcome_amount": "成交金额",
        },
    ),
    "leads": (
        "销售线索",
        {
            "lead_id": "线索编号", "created_at": "录入时间", "channel": "来源渠道", "segment": "客群",
            "area_id": "网格编号", "converted_customer_id": "成交客户ID", "converted_at": "成交时间",
        },
    ),
    "work_orders": (
        "上门作业单",
        {
            "work_order_id": "作业单编号", "customer_id": "客户ID", "action": "作业动作", "status": "作业状态",
            "opened_at": "派单时间", "closed_at": "完工时间", "outcome": "作业结果",
        },
    ),
    "consents": (
        "隐私授权记录",
        {"customer_id": "客户ID", "channel": "授权渠道", "granted": "授权与否", "changed_at": "变更时间"},
    ),
    "identities": (
        "客户联系信息",
        {
            "customer_id": "客户ID", "last_name": "姓氏", "account_name": "登录用户名", "company": "单位全称",
            "phone": "联系电话", "email": "电子邮箱", "address": "通信地址",
        },
    ),
}  # fmt: skip

ENGLISH: Renaming = {
    "customers": (
        "CRM_ACCOUNT_MASTER",
        {
            "customer_id": "ACCT_NO", "signup_date": "ACTIVATION_DT", "churn_date": "TERMINATION_DT",
            "churn_reason": "TERMINATION_REASON_DESC", "churn_kind": "TERMINATION_TYPE", "status": "ACCT_STATUS",
            "customer_type": "MARKET_SEGMENT", "industry": "INDUSTRY_SECTOR", "employees": "EMPLOYEE_CNT",
            "birth_year": "BIRTH_YR", "household_id": "HH_KEY", "parent_id": "PARENT_ACCT_NO",
            "region": "SALES_REGION", "area_id": "EXCHANGE_AREA_CODE", "area_type": "URBAN_RURAL_IND",
            "acquisition_channel": "ACQ_CHANNEL", "acquisition_cost": "SUBSCRIBER_ACQ_COST",
            "account_role": "ACCT_ROLE", "replaces_customer_id": "PREV_ACCT_NO",
        },
    ),
    "subscriptions": (
        "PRODUCT_HOLDING",
        {
            "subscription_id": "HOLDING_ID", "customer_id": "ACCT_NO", "product": "PRODUCT_LINE",
            "plan": "TARIFF_NAME", "technology": "ACCESS_TECH", "bandwidth_mbps": "DOWNSTREAM_SPEED_MBPS",
            "data_cap_gb": "DATA_ALLOWANCE_GB", "monthly_fee": "MONTHLY_RECURRING_CHARGE",
            "discount": "PROMO_DISCOUNT_AMT", "discount_end_date": "PROMO_END_DT",
            "contract_months": "CONTRACT_TERM_MTHS",
            "contract_end_date": "CONTRACT_EXPIRY_DT", "payment_method": "PAY_METHOD",
            "start_date": "EFFECTIVE_FROM_DT", "end_date": "EFFECTIVE_TO_DT",
        },
    ),
    "invoices": (
        "BILLING_LINES",
        {
            "invoice_id": "BILL_NBR", "customer_id": "ACCT_NO", "month": "BILL_PERIOD", "issued_on": "BILL_DT",
            "kind": "CHARGE_CATEGORY", "amount": "NET_CHARGE_AMT", "tax": "VAT_AMT", "due_date": "PAYMENT_DUE_DT",
            "paid_date": "PAYMENT_RECEIVED_DT",
        },
    ),
    "usage": (
        "TRAFFIC_MONTHLY",
        {
            "customer_id": "ACCT_NO", "month": "YEAR_MONTH", "download_gb": "DL_VOLUME_GB",
            "upload_gb": "UL_VOLUME_GB", "voice_minutes": "VOICE_MOU", "active_days": "DAYS_WITH_TRAFFIC",
            "app_logins": "SELFCARE_APP_LOGIN_CNT", "evening_share": "PEAK_HOUR_SHARE",
        },
    ),
    "tickets": (
        "CARE_CASES",
        {
            "ticket_id": "CASE_REF", "opened_at": "CASE_OPEN_TS", "customer_id": "ACCT_NO",
            "closed_at": "CASE_CLOSE_TS", "status": "CASE_STATUS", "channel": "INBOUND_CHANNEL",
            "category": "CASE_REASON", "text": "CASE_NOTES", "severity": "PRIORITY_LEVEL",
            "is_complaint": "COMPLAINT_IND", "handle_minutes": "HANDLE_TIME_MIN",
            "resolved_first_contact": "FCR_IND", "cost": "HANDLING_COST_AMT",
            "mentions_competitor": "COMPETITOR_MENTION_IND", "region": "SALES_REGION",
        },
    ),
    "surveys": (
        "NPS_SURVEY",
        {
            "survey_id": "SURVEY_KEY", "customer_id": "ACCT_NO", "sent_at": "INVITE_TS",
            "answered_at": "RESPONSE_TS", "nps_score": "NPS_RATING", "csat_score": "SATISFACTION_RATING",
        },
    ),
    "network": (
        "AREA_NETWORK_KPI",
        {
            "area_id": "EXCHANGE_AREA_CODE", "month": "KPI_MONTH", "download_mbps": "AVG_MEASURED_DL_MBPS",
            "advertised_mbps": "ADVERTISED_DL_MBPS", "latency_ms": "AVG_LATENCY_MS",
            "outage_minutes": "TOTAL_OUTAGE_MIN", "latitude": "CENTROID_LAT", "longitude": "CENTROID_LON",
        },
    ),
    "campaigns": (
        "CAMPAIGN_CATALOGUE",
        {
            "campaign_id": "CAMPAIGN_CD", "name": "CAMPAIGN_TITLE", "objective": "CAMPAIGN_OBJECTIVE",
            "randomised": "RANDOMISED_IND", "start_date": "LAUNCH_DT", "end_date": "CLOSE_DT",
            "fixed_cost": "FIXED_BUDGET_AMT",
        },
    ),
    "contacts": (
        "CAMPAIGN_CONTACT_HISTORY",
        {
            "campaign_id": "CAMPAIGN_CD", "customer_id": "ACCT_NO", "arm": "TEST_CELL", "contacted_at": "CONTACT_TS",
            "contact_cost": "CONTACT_COST_AMT", "offer_cost": "INCENTIVE_COST_AMT", "responded": "RESPONSE_IND",
            "converted_at": "CONVERSION_TS", "outcome_amount": "SALE_VALUE_AMT",
        },
    ),
    "leads": (
        "SALES_PIPELINE",
        {
            "lead_id": "PROSPECT_KEY", "created_at": "CREATED_TS", "channel": "LEAD_ORIGIN",
            "segment": "PROSPECT_SEGMENT", "area_id": "EXCHANGE_AREA_CODE", "converted_customer_id": "WON_ACCT_NO",
            "converted_at": "WON_TS",
        },
    ),
    "work_orders": (
        "FIELD_JOBS",
        {
            "work_order_id": "JOB_NBR", "customer_id": "ACCT_NO", "action": "JOB_TYPE", "status": "JOB_STATUS",
            "opened_at": "DISPATCH_TS", "closed_at": "COMPLETION_TS", "outcome": "JOB_RESULT",
        },
    ),
    "consents": (
        "PRIVACY_OPTINS",
        {
            "customer_id": "ACCT_NO", "channel": "CONTACT_CHANNEL", "granted": "OPTIN_IND",
            "changed_at": "LAST_CHANGE_TS",
        },
    ),
    "identities": (
        "CONTACT_DETAILS",
        {
            "customer_id": "ACCT_NO", "last_name": "SURNAME", "account_name": "LOGIN_NAME",
            "company": "ORGANISATION_NAME", "phone": "PHONE_NBR", "email": "EMAIL_ADDR", "address": "STREET_ADDR",
        },
    ),
}  # fmt: skip


def write_renamed(demo: Path, folder: Path, renaming: Renaming) -> None:
    """The demo's extracts under other names, their columns in another order: every second first, from the back."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, (name, headers) in renaming.items():
        with (demo / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        places = [*range(len(header) - 1, -1, -2), *range(len(header) - 2, -1, -2)]
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([headers[header[place]] for place in places])
            writer.writerows([row[place] for place in places] for row in rows)
