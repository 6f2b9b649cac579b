package io.dormouse.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Called for each event that has no handler of its own. The method takes (Socket, String,
 * Arguments).
 *
 * {@snippet class="AnnotatedExample" region="on-any"}
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface OnAny {}
