# Yardsticks for the concordance with late entry and for calibration, computed by R's package survival and by glm.
# Rscript validation.R [FILE]   writes validation.json beside this script, or FILE.

suppressPackageStartupMessages(library(survival))
options(warn = 2)
RNGkind("Mersenne-Twister", "Inversion", "Rejection")
script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
source(file.path(dirname(script), "shared", "json.R"))

# --- data: rows of entry, exit, event, risk, n ----------------------------------------------------------------------

# Customers who joined before observation began, with a score that foretells how soon they leave, rounded to make ties.
truncated <- function(customers, life, entry, end, digits) {
  score <- rnorm(customers)
  lifetime <- ceiling(rexp(customers, rate = exp(0.8 * score) / life))
  exit <- pmin(lifetime, pmax(0, entry) + end)
  rows <- data.frame(entry = pmax(0, entry), exit = exit, event = as.integer(lifetime <= pmax(0, entry) + end),
                     risk = round(score, digits), n = 1)
  rows[rows$exit > rows$entry, ]
}

monthly <- function() {
  set.seed(3101)
  truncated(800, life = 24, entry = sample(-12:18, 800, replace = TRUE), end = 9, digits = 1)
}

daily <- function() {
  set.seed(3102)
  truncated(600, life = 1400, entry = floor(runif(600, -300, 1500)), end = 731, digits = 4)
}

weighted <- function() {
  set.seed(3103)
  rows <- truncated(200, life = 20, entry = sample(-6:20, 200, replace = TRUE), end = 8, digits = 1)
  rows$n <- sample(1:9, nrow(rows), replace = TRUE)
  rows
}

from_the_start <- function() {
  set.seed(3104)
  truncated(400, life = 12, entry = rep(0, 400), end = 12, digits = 1)
}

# Cancer patients of package survival, with the linear predictor of a Cox model as risk.
lung_cox <- function() {
  fit <- coxph(Surv(time, status) ~ age + sex + ph.ecog, data = lung)
  known <- lung[!is.na(lung$ph.ecog), ]
  rows <- data.frame(entry = 0, exit = known$time, event = known$status - 1, risk = signif(predict(fit), 9), n = 1)
  stopifnot(all.equal(concordance_of(rows), unname(fit$concordance["concordance"])))
  rows
}

concordance_of <- function(rows) {
  seen <- if (all(rows$entry == 0)) Surv(rows$exit, rows$event) else Surv(rows$entry, rows$exit, rows$event)
  unname(concordance(seen ~ risk, data = rows, weights = n, reverse = TRUE)$concordance)
}

told_apart <- function(rows) list(rows = as.list(rows), concordance = concordance_of(rows))

# --- calibration: everyone followed to the horizon, rows of left, risk, n -------------------------------------------

# Predictions of which the log-odds are off and too extreme, and bent.
forecast <- function() {
  set.seed(3105)
  odds <- rnorm(500, -1.5, 1.2)
  left <- rbinom(500, 1, plogis(-0.3 + 0.7 * odds + 0.1 * odds^2))
  data.frame(left = left, risk = signif(plogis(odds), 9), n = sample(1:3, 500, replace = TRUE))
}

calibrated <- function() {
  rows <- forecast()
  odds <- qlogis(rows$risk)
  knots <- unname(quantile(odds, c(0.05, 0.35, 0.65, 0.95)))
  bent <- splines::ns(odds, knots = knots[2:3], Boundary.knots = knots[c(1, 4)])
  fit <- function(formula) {
    glm(formula, family = binomial, weights = n, data = rows, control = glm.control(epsilon = 1e-14))
  }
  smooth <- fitted(fit(left ~ bent))
  list(rows = as.list(rows),
       ratio = sum(rows$n * rows$left) / sum(rows$n * rows$risk),
       intercept = unname(coef(fit(left ~ offset(odds)))),
       slope = unname(coef(fit(left ~ odds))[2]),
       ici = weighted.mean(abs(smooth - rows$risk), rows$n))
}

write_yardsticks(list(
  made_by = made_by,
  monthly = told_apart(monthly()),
  daily = told_apart(daily()),
  weighted = told_apart(weighted()),
  from_the_start = told_apart(from_the_start()),
  lung_cox = told_apart(lung_cox()),
  calibration = calibrated()
), script)
