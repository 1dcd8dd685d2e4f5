//! How long requests take, by route: counted in every request, so what it counts in is found once for each route.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::http::Method;
use parking_lot::Mutex;

use crate::metrics::{Exposition, Histogram, Kind, Metric, SECONDS};

const DURATION: Metric = Metric {
    name: "http_request_duration_seconds",
    kind: Kind::Histogram,
    what: "Time from a request's headers to those of its answer, by service, method, route and class of status",
};

/// The methods of our routes, which have a series each. What else there is is anybody's choice, and one.
pub(crate) const METHODS: [Method; 5] = [
    Method::GET,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
];
const METHOD_NAMES: [&str; 6] = ["GET", "POST", "PUT", "PATCH", "DELETE", "other"];
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// The durations of one route of a service.
#[derive(Debug)]
pub struct RouteDurations {
    service: &'static str,
    /// The route as the router has it, never a path.
    pub route: String,
    series: [[OnceLock<Box<Histogram>>; CLASSES.len()]; METHOD_NAMES.len()],
}

/// All of this process.
static ROUTES: Mutex<Vec<Arc<RouteDurations>>> = Mutex::new(Vec::new());

impl RouteDurations {
    /// Those of this route, which are made where there are none. There are as many as the services have routes.
    pub fn of(service: &'static str, route: &str) -> Arc<Self> {
        let mut routes = ROUTES.lock();
        let known = routes
            .iter()
            .find(|known| known.service == service && known.route == route);
        if let Some(known) = known {
            return Arc::clone(known);
        }
        let made = Arc::new(Self {
            service,
            route: route.to_owned(),
            series: Default::default(),
        });
        routes.push(Arc::clone(&made));
        made
    }

    /// Counts a request that was answered with this status.
    pub fn record(&self, method: &Method, status: u16, took: Duration) {
        let method = METHODS.iter().position(|known| known == method);
        let class = usize::from(status / 100).clamp(1, CLASSES.len()) - 1;
        self.series[method.unwrap_or(METHODS.len())][class]
            .get_or_init(|| Box::new(Histogram::new(&SECONDS)))
            .record_time(took);
    }
}

/// Says the durations of all routes that were asked for.
pub fn tell(exposition: &mut Exposition) {
    let routes = ROUTES.lock().clone();
    let mut samples = exposition.metric(&DURATION);
    for route in routes {
        for (method, classes) in METHOD_NAMES.iter().zip(&route.series) {
            for (class, series) in CLASSES.iter().zip(classes) {
                let labels = [
                    ("service", route.service),
                    ("method", method),
                    ("route", &route.route),
                    ("status", class),
                ];
                if let Some(series) = series.get() {
                    samples.histogram(&labels, series);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invented_methods_share_one_series() {
        let durations = RouteDurations::of("test", "/invented");
        let invented = (0..100).map(|n| format!("M{n}").parse().unwrap());
        for method in [Method::GET, Method::HEAD].into_iter().chain(invented) {
            durations.record(&method, 200, Duration::ZERO);
        }
        let told = Exposition::of(&[Arc::new(tell)]);
        let counts: Vec<&str> = told
            .lines()
            .filter(|line| line.contains("_count{service=\"test\"") && line.contains("/invented"))
            .collect();
        let series = |method: &str, count: u32| {
            format!(
                "http_request_duration_seconds_count{{service=\"test\",method=\"{method}\",\
                 route=\"/invented\",status=\"2xx\"}} {count}"
            )
        };
        assert_eq!(counts, [series("GET", 1), series("other", 101)]);
    }

    #[test]
    fn a_route_is_counted_in_one_place() {
        let [first, again] = [1, 2].map(|_| RouteDurations::of("test", "/same"));
        assert!(Arc::ptr_eq(&first, &again));
        assert!(!Arc::ptr_eq(&first, &RouteDurations::of("other", "/same")));
    }
}
