# Yardsticks for Kaplan-Meier curves and log-rank tests with late entry, computed by R's package survival.
# Rscript survival.R [FILE]   writes survival.json beside this script, or FILE.

suppressPackageStartupMessages(library(survival))
options(warn = 2)
RNGkind("Mersenne-Twister", "Inversion", "Rejection")
script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
source(file.path(dirname(script), "shared", "json.R"))

DAYS_PER_MONTH <- 30.4375

# --- data: rows of entry, exit, event, group, n -------------------------------------------------------------------

rows <- function(entry, exit, event, group = 1, n = 1) {
  data.frame(entry = entry, exit = exit, event = event, group = group, n = n)
}

# Customers who joined before observation began: those who left before it are not in the data at all.
truncated <- function(customers, life, entry, end, groups) {
  group <- sample(groups, customers, replace = TRUE)
  lifetime <- ceiling(rexp(customers, rate = (1 + 0.4 * group) / life))
  entry <- pmax(0, entry)
  exit <- pmin(lifetime, entry + end)
  seen <- exit > entry
  rows(entry, exit, as.integer(lifetime <= entry + end), group)[seen, ]
}

monthly <- function() {
  set.seed(2101)
  truncated(900, life = 24, entry = sample(-12:18, 900, replace = TRUE), end = 9, groups = 4)
}

daily <- function() {
  set.seed(2102)
  made <- truncated(5200, life = 1400, entry = floor(runif(5200, -300, 1500)), end = 731, groups = 2)
  made <- made[seq_len(2000), ]
  made$entry <- made$entry / DAYS_PER_MONTH
  made$exit <- made$exit / DAYS_PER_MONTH
  made
}

# Nobody is at risk between 3 and 5 (two were lost to sight), nor between 12 and 13.
gaps <- function() {
  rows(entry = c(0, 0, 1, 5, 5, 6, 7, 7, 9, 10, 13, 13, 14),
       exit  = c(2, 3, 3, 8, 9, 10, 8, 12, 12, 11, 15, 16, 17),
       event = c(1, 0, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 0),
       group = c(1, 2, 1, 1, 2, 1, 2, 2, 1, 2, 1, 1, 2))
}

# Everyone at risk has left by 2; later entrants cannot lift the curve from 0.
emptied <- function() {
  rows(entry = c(0, 0, 0, 3, 3, 4), exit = c(1, 2, 2, 5, 6, 6), event = c(1, 1, 1, 1, 0, 1), group = c(1, 2, 1, 2, 1, 2))
}

# Half of the customers leave at 4: the curve lies at exactly one half until 6.
level_at_half <- function() {
  rows(entry = c(0, 0, 0, 1), exit = c(3, 4, 6, 7), event = c(1, 1, 1, 0), group = c(1, 2, 1, 2))
}

weighted <- function() {
  set.seed(2103)
  made <- truncated(160, life = 20, entry = sample(-6:20, 160, replace = TRUE), end = 8, groups = 2)
  made$n <- sample(1:40, nrow(made), replace = TRUE)
  made
}

# Cancer patients of package survival, days since diagnosis; groups are ECOG performance 0 to 3 (one patient has none).
lung_by_performance <- function() {
  known <- lung[!is.na(lung$ph.ecog), ]
  rows(0, known$time, known$status - 1, known$ph.ecog)
}

lung_by_sex <- function() rows(0, lung$time, lung$status - 1, lung$sex)

# --- what R says ----------------------------------------------------------------------------------------------------

expanded <- function(data) data[rep(seq_len(nrow(data)), data$n), ]

curve <- function(data) survfit(Surv(entry, exit, event) ~ 1, data = expanded(data), conf.type = "log-log")

columns_of <- function(fit) {
  list(time = fit$time, at_risk = fit$n.risk, events = fit$n.event, censored = fit$n.censor,
       survival = fit$surv, low = fit$lower, high = fit$upper)
}

at_times <- function(fit, times) {
  at <- summary(fit, times = times, extend = TRUE)
  list(time = at$time, at_risk = at$n.risk, survival = at$surv, low = at$lower, high = at$upper)
}

median_of <- function(fit) unname(summary(fit)$table[c("median", "0.95LCL", "0.95UCL")])

# The score test of the exact partial likelihood is the log-rank test. coxph takes late entry itself, but with ties it
# then tries every subset; the same likelihood with one stratum per risk set is computed by recursion.
risk_sets <- function(every) {
  leaving <- sort(unique(every$exit[every$event == 1]))
  do.call(rbind, lapply(leaving, function(time) {
    set <- every[every$entry < time & every$exit >= time, ]
    data.frame(risk_set = time, leaves = as.integer(set$exit == time & set$event == 1), group = set$group)
  }))
}

score_test <- function(data) {
  every <- expanded(data)
  sets <- risk_sets(every)
  fit <- coxph(Surv(rep(1, nrow(sets)), leaves) ~ factor(group) + strata(risk_set), data = sets, ties = "exact",
               control = coxph.control(iter.max = 0))
  list(statistic = unname(fit$score), degrees_of_freedom = length(unique(every$group)) - 1)
}

score_test_of_few <- function(data) {
  fit <- coxph(Surv(entry, exit, event) ~ factor(group), data = data, ties = "exact",
               control = coxph.control(iter.max = 0))
  stopifnot(all.equal(fit$score, score_test(data)$statistic))
  score_test(data)
}

difference <- function(data) {
  found <- survdiff(Surv(exit, event) ~ group, data = expanded(data))
  list(statistic = found$chisq, degrees_of_freedom = length(found$n) - 1,
       p_value = pchisq(found$chisq, length(found$n) - 1, lower.tail = FALSE),
       observed = unname(found$obs), expected = unname(found$exp))
}

yardstick <- function(data, times, log_rank) {
  fit <- curve(data)
  list(rows = as.list(data), curve = columns_of(fit), times = at_times(fit, times), median = median_of(fit),
       log_rank = log_rank(data))
}

write_yardsticks(list(
  made_by = made_by,
  monthly = yardstick(monthly(), c(1, 6, 12, 20, 30), score_test),
  daily = yardstick(daily(), c(1, 12, 24, 48, 90), score_test),
  gaps = yardstick(gaps(), c(1, 4, 8, 12.5, 14, 20), score_test_of_few),
  emptied = yardstick(emptied(), c(1, 2, 4, 6), score_test_of_few),
  level_at_half = yardstick(level_at_half(), c(2, 4, 5, 6), score_test_of_few),
  weighted = yardstick(weighted(), c(1, 6, 12, 20), score_test),
  lung_by_performance = yardstick(lung_by_performance(), c(100, 365, 2000), difference),
  lung_by_sex = yardstick(lung_by_sex(), c(100, 365, 2000), difference)
), script)
