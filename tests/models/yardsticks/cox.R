# Yardsticks for Cox models with late entry, ties, strata and clusters, and for competing kinds of leaving,
# computed by R's package survival. Rscript cox.R [FILE]   writes cox.json beside this script, or FILE.
#
# The large data sets are not written down: both languages make them from the same whole numbers.

suppressPackageStartupMessages(library(survival))
options(warn = 2)
script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
source(file.path(dirname(script), "shared", "json.R"))
source(file.path(dirname(script), "shared", "truncated.R"))

# --- data -----------------------------------------------------------------------------------------------------------

# Lifetimes of a mean of 30 months, nothing rounded: some 22,000 of 37,000 customers are seen.
exponential <- (function() {
  u <- draws(13, 37000, 3)
  joined <- 84 * u[, 1] - 60
  lifetime <- -30 * log(u[, 2])
  made <- data.frame(entry = pmax(0, -joined), exit = pmin(lifetime, 24 - joined),
                     event = as.integer(lifetime <= 24 - joined), x = as.integer(u[, 3] < 0.5))
  made[made$exit > made$entry, ]
})()

# Set 1 of Therneau and Grambsch (2000).
six <- data.frame(time = c(9, 1, 1, 6, 6, 8), status = c(1, 1, 0, 1, 1, 0), x = c(0, 1, 1, 1, 0, 0))

tied <- data.frame(time = c(1, 1, 2, 2, 3, 3), cause = c(1, 2, 1, 2, 0, 1))

# --- what R says ----------------------------------------------------------------------------------------------------

strict <- coxph.control(eps = 1e-11, toler.chol = 1e-13, iter.max = 50)

coefficients_of <- function(fit) {
  list(coefficient = unname(coef(fit)), se = unname(sqrt(diag(if (is.null(fit$naive.var)) fit$var else fit$naive.var))),
       robust_se = if (is.null(fit$naive.var)) NULL else unname(sqrt(diag(fit$var))),
       log_likelihood = fit$loglik[length(fit$loglik)])
}

without_nothing <- function(x) x[!vapply(x, is.null, TRUE)]

# Cumulative hazard of a customer whose covariates are 0, at each leaving time.
hazards_of <- function(fit) {
  steps <- basehaz(fit, centered = FALSE)
  split_by <- if (is.null(steps$strata)) rep("all", nrow(steps)) else sub("^.*=", "stratum ", steps$strata)
  lapply(split(steps, split_by), function(own) list(time = own$time, hazard = own$hazard))
}

yardstick <- function(data, fit) {
  without_nothing(c(list(rows = nrow(data), events = sum(data$event), sum_of_exits = sum(data$exit)),
                    coefficients_of(fit), list(hazards = hazards_of(fit))))
}

survival_at_zero <- function(fit, data, times) {
  summary(survfit(fit, newdata = data.frame(x = 0)), times = times)$surv
}

# Chance of having left for each kind by each time, with late entry: Aalen-Johansen.
incidence_of <- function(entry, exit, kind, times) {
  state <- factor(kind, 0:2, c("there", "one", "two"))
  fit <- survfit(Surv(entry, exit, state) ~ 1, id = seq_along(exit))
  at <- summary(fit, times = times, extend = TRUE)$pstate
  list(time = times, one = at[, 2], two = at[, 3])
}

in_months <- coxph(Surv(entry, exit, event) ~ score + bound + calls, months, control = strict)
by_customer <- coxph(Surv(entry, exit, event) ~ score + bound + calls + strata(stratum), months, cluster = cluster,
                     control = strict)
in_days <- coxph(Surv(entry, exit, event) ~ score + bound + calls + strata(stratum), days, cluster = cluster,
                 control = strict)
# By default R takes times that differ by less than 1e-8 of their mean for ties; among 22,000 there are such.
at_zero <- coxph(Surv(entry, exit, event) ~ x, exponential,
                 control = coxph.control(eps = 1e-11, toler.chol = 1e-13, iter.max = 50, timefix = FALSE))
cancer <- coxph(Surv(time, status) ~ age + sex + ph.ecog, lung, control = strict)
alive <- survfit(Surv(time, status) ~ 1, lung)
ridged <- coxph(Surv(entry, exit, event) ~ ridge(score, bound, calls, theta = 40, scale = TRUE), months,
                control = strict)

write_yardsticks(list(
  made_by = made_by,
  six_efron = without_nothing(coefficients_of(coxph(Surv(time, status) ~ x, six, control = strict))),
  six_breslow = without_nothing(coefficients_of(coxph(Surv(time, status) ~ x, six, ties = "breslow", control = strict))),
  six_survival = summary(survfit(Surv(time, status) ~ 1, six), times = c(1, 6, 9))$surv,
  lung = c(without_nothing(coefficients_of(cancer)), list(concordance = unname(cancer$concordance["concordance"]))),
  lung_median = unname(summary(alive)$table[c("median", "0.95LCL", "0.95UCL")]),
  tied = incidence_of(rep(0, 6), tied$time, tied$cause, c(1, 2, 3)),
  exponential = list(rows = nrow(exponential), events = sum(exponential$event), sum_of_exits = sum(exponential$exit),
                     coefficient = unname(coef(at_zero)), survival = survival_at_zero(at_zero, exponential, 10 * 1:4)),
  months = yardstick(months, in_months),
  months_stratified = yardstick(months, by_customer),
  days_stratified = yardstick(days, in_days),
  months_penalised = list(coefficient = unname(coef(ridged))),
  months_kinds = incidence_of(months$entry, months$exit, months$event * months$kind, c(1, 6, 12, 24, 36))
), script)
