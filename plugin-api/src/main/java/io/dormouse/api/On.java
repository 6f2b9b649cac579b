package io.dormouse.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Handles an event, by a method of an object that {@link Namespace#handlers} was given. It takes a
 * {@link Socket} or not, then the event's arguments in order, one parameter each (a record, text, a
 * number, a list, a map, {@link Payload}), or {@link Arguments}. A value returned is the ack. A
 * missing or null argument is {@code bad_payload}, unless the parameter is a {@code Payload} or
 * marked {@code @Nullable}.
 *
 * {@snippet class="AnnotatedExample" region="on"}
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface On {
  /** The event's name. */
  String value();
}
